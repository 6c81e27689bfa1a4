#include "service/first_key.h"

#include "base/clock.h"
#include "base/file.h"
#include "intake/keys_file.h"
#include "service/state.h"

bool write_keys_path(const Settings *settings, Arena *arena, const char **path, Error *error)
{
	Slice folder = arena_format(arena, "%s/keys", settings->state_dir);
	Slice file = arena_format(arena, "%s/keys/write_keys.json", settings->state_dir);
	if (folder.data == NULL || file.data == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory for the path of the write keys");
	*path = file.data;
	return state_make(settings->state_dir, error) && file_make_directory(folder.data, 0700, error);
}

bool first_key_ensure(const Settings *settings, Arena *arena, Error *error)
{
	const char *path = NULL;
	char text[KEY_TEXT_SIZE];
	Slice everywhere = SLICE_LITERAL("*");
	const WriteKey draft = {.name = SLICE_LITERAL("web"),
		.kind = KEY_BROWSER,
		.origins = &everywhere,
		.origin_count = 1};
	if (!write_keys_path(settings, arena, &path, error))
		return false;
	return file_exists(path) || keys_file_add(path, &draft, clock_now_ms(), text, error);
}
