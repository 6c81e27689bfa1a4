// Drives a fuzz target with the files of a folder, each in memory of its own size so that ASan sees a read beyond its end.
#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define INPUT_SIZE_MAX ((size_t) 1 << 20U)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool file_replay(const char *folder, const char *name, Arena *arena)
{
	char path[4096];
	Slice content;
	Error error;
	arena_reset(arena);
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int) sizeof path
		|| !file_read(path, INPUT_SIZE_MAX, arena, &content, &error))
		return false;
	(void) fprintf(stderr, "# %s\n", name); // the last one said is the one that fails
	uint8_t *exact = memory_allocate(content.size == 0 ? 1 : content.size);
	if (exact == NULL)
		return false;
	memcpy(exact, content.data, content.size);
	(void) LLVMFuzzerTestOneInput(exact, content.size);
	memory_free(exact);
	return true;
}

int main(int count, char **arguments)
{
	DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
	if (folder == NULL)
	{
		(void) fprintf(stderr, "usage: fuzz_NAME FOLDER, which must be there\n");
		return 2;
	}
	Arena arena;
	size_t files = 0;
	bool is_ok = true;
	arena_init(&arena, INPUT_SIZE_MAX + 4096);
	for (struct dirent *entry = readdir(folder); is_ok && entry != NULL; entry = readdir(folder))
	{
		if (entry->d_name[0] == '.')
			continue;
		is_ok = file_replay(arguments[1], entry->d_name, &arena);
		files++;
	}
	(void) closedir(folder);
	arena_free(&arena);
	(void) printf("%zu inputs\n", files);
	return is_ok && files > 0 ? 0 : 1;
}
