#include "harness/folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void test_folder_make(char path[TEST_FOLDER_SIZE])
{
	// In memory where the system offers that: the tests that need a disk bring one of their own.
	const char *parent = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
	(void) snprintf(path, TEST_FOLDER_SIZE, "%s/sojourn-test-XXXXXX", parent);
	if (mkdtemp(path) != NULL)
		return;
	perror("test harness: mkdtemp");
	exit(EXIT_FAILURE);
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void) status;
	(void) type;
	(void) walk;
	return remove(path);
}

void test_folder_remove(const char *path)
{
	(void) nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}
