#include "base/tree.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>

#define OPEN_FOLDERS_MAX 16

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

bool tree_remove(const char *path, Error *error)
{
	if (nftw(path, entry_remove, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
		return true;
	return error_set_errno(error, ERROR_SYSTEM, "cannot remove %s", path);
}
