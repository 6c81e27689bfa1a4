#include "buffer/buffer.h"
#include "buffer/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

static bool entry_visit(const char *folder, const char *name, BufferVisit visit, void *context, Error *error)
{
	char path[FOLDER_PATH_SIZE];
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int) sizeof path)
		return error_set(error, ERROR_BAD_INPUT, "the path of a stream in %s is too long", folder);
	return visit(context, name, path, error);
}

bool buffer_streams_visit(const char *folder, BufferVisit visit, void *context, Error *error)
{
	DIR *directory = opendir(folder);
	if (directory == NULL && errno == ENOENT)
		return true;
	if (directory == NULL)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open the folder %s", folder);
	bool is_ok = true;
	for (struct dirent *entry = NULL; is_ok && (entry = readdir(directory)) != NULL;)
		is_ok = entry->d_name[0] == '.' || entry->d_type == DT_REG
			|| entry_visit(folder, entry->d_name, visit, context, error);
	(void) closedir(directory);
	return is_ok;
}
