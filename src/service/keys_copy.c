#include "service/keys_copy.h"

#include "base/file.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool keys_copy_open(const char *state_dir, KeysCopy *copy, Error *error)
{
	char path[PATH_MAX];
	char real[PATH_MAX];
	char link[KEYS_COPY_SIZE + sizeof "/person.key"];
	*copy = (KeysCopy){.folder = "/tmp/sojourn-explain-XXXXXX"};
	if (mkdtemp(copy->folder) == NULL)
	{
		copy->folder[0] = '\0';
		return error_set_errno(error, ERROR_SYSTEM,
			"cannot make a folder in /tmp for keys that last as long as the command");
	}
	if (snprintf(path, sizeof path, "%s/keys/person.key", state_dir) >= (int) sizeof path || !file_exists(path))
		return true;
	// A link, so that the key itself stays where it is.
	(void) snprintf(link, sizeof link, "%s/person.key", copy->folder);
	if (realpath(path, real) == NULL || symlink(real, link) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot use the key %s", path);
	return true;
}

static int file_remove(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void) status;
	(void) type;
	(void) place;
	return remove(path);
}

void keys_copy_close(KeysCopy *copy)
{
	if (copy->folder[0] != '\0')
		(void) nftw(copy->folder, file_remove, 8, FTW_DEPTH | FTW_PHYS);
}
