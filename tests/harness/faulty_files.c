#include "harness/faulty_files.h"

#include "base/memory.h"
#include "harness/faulty_disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024

struct FaultyFiles {
	FileSystem table;
	const char *folder;
	Disk *disk;
	DiskFile *open_files[DESCRIPTORS_MAX]; // by descriptor; NULL: the folder, or no file of it
	bool is_folder[DESCRIPTORS_MAX];
	uint64_t calls;
	Fault fault;
	uint64_t fail_from;
	uint64_t fail_to; // exclusive
	bool is_full;
	bool is_killed;
};

// Counts a call and says whether it is one that the fault is meant for.
static bool is_struck(FaultyFiles *faulty)
{
	uint64_t call = faulty->calls++;
	bool is_meant = call >= faulty->fail_from && call < faulty->fail_to;
	if (is_meant && faulty->fault == FAULT_KILL)
		faulty->is_killed = true;
	return is_meant && faulty->fault != FAULT_KILL;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

// Whether a call that changes nothing by itself fails with EIO.
static bool is_failing(FaultyFiles *faulty)
{
	bool is_hit = is_struck(faulty) && (faulty->fault == FAULT_INPUT_OUTPUT || faulty->fault == FAULT_NO_SPACE);
	return is_hit || faulty->is_killed;
}

static const char *name_of(const FaultyFiles *faulty, const char *path)
{
	size_t size = strlen(faulty->folder);
	bool is_inside =
		strncmp(path, faulty->folder, size) == 0 && path[size] == '/' && strchr(path + size + 1, '/') == NULL;
	return is_inside && strcmp(path + size, "/..") != 0 ? path + size + 1 : NULL;
}

static void remember(FaultyFiles *faulty, int fd, const char *path, int flags)
{
	assert(fd < DESCRIPTORS_MAX);
	const char *name = name_of(faulty, path);
	faulty->is_folder[fd] = strcmp(path, faulty->folder) == 0;
	faulty->open_files[fd] = NULL;
	if (name == NULL)
		return;
	DiskFile *file = disk_find(faulty->disk, name);
	if (file != NULL && (flags & O_TRUNC) != 0)
		disk_set_size(file, 0);
	if (file == NULL && (flags & O_CREAT) != 0)
		file = disk_create(faulty->disk, name);
	faulty->open_files[fd] = file;
}

static int faulty_open(void *context, const char *path, int flags, mode_t mode)
{
	FaultyFiles *faulty = context;
	bool needs_room = (flags & O_CREAT) != 0;
	if (is_failing(faulty))
		return fail(needs_room && faulty->fault == FAULT_NO_SPACE ? ENOSPC : EIO);
	if (needs_room && faulty->is_full)
		return fail(ENOSPC);
	int fd = open(path, flags, mode);
	if (fd >= 0)
		remember(faulty, fd, path, flags);
	return fd;
}

static int faulty_close(void *context, int fd)
{
	FaultyFiles *faulty = context;
	assert(fd < DESCRIPTORS_MAX);
	faulty->open_files[fd] = NULL;
	faulty->is_folder[fd] = false;
	return close(fd);
}

static ssize_t faulty_pread(void *context, int fd, void *data, size_t size, off_t offset)
{
	FaultyFiles *faulty = context;
	return is_failing(faulty) ? fail(EIO) : pread(fd, data, size, offset);
}

static ssize_t faulty_pwrite(void *context, int fd, const void *data, size_t size, off_t offset)
{
	FaultyFiles *faulty = context;
	bool is_hit = is_struck(faulty) && faulty->fault != FAULT_UNSUPPORTED;
	if (faulty->is_killed)
		return fail(EIO);
	size_t taken = is_hit ? random_case_below(disk_random(faulty->disk), size) : size;
	if (is_hit && faulty->fault == FAULT_SHORT)
		taken = taken == 0 ? 1 : taken;
	ssize_t written = pwrite(fd, data, taken, offset);
	assert(written == (ssize_t) taken);
	if (faulty->open_files[fd] != NULL)
		disk_write(faulty->open_files[fd], (uint64_t) offset, (Slice){data, taken});
	if (is_hit && faulty->fault != FAULT_SHORT)
		return fail(faulty->fault == FAULT_NO_SPACE ? ENOSPC : EIO);
	return written;
}

static int faulty_sync(void *context, int fd)
{
	FaultyFiles *faulty = context;
	if (is_failing(faulty))
	{
		if (faulty->open_files[fd] != NULL && !faulty->is_killed)
			disk_sync_badly(faulty->disk, faulty->open_files[fd]);
		if (faulty->is_folder[fd] && !faulty->is_killed)
			disk_sync_names_badly(faulty->disk);
		return fail(EIO);
	}
	if (faulty->open_files[fd] != NULL)
		disk_sync(faulty->open_files[fd]);
	if (faulty->is_folder[fd])
		disk_sync_names(faulty->disk);
	return 0; // the real disk need not be asked
}

static int faulty_fallocate(void *context, int fd, off_t offset, off_t size)
{
	FaultyFiles *faulty = context;
	static const int errors[FAULT_KINDS] = {EIO, ENOSPC, 0, EOPNOTSUPP, EIO};
	bool is_hit = is_struck(faulty) && errors[faulty->fault] != 0;
	if (is_hit || faulty->is_killed)
		return fail(faulty->is_killed ? EIO : errors[faulty->fault]);
	if (faulty->is_full)
		return fail(ENOSPC);
	int failed = posix_fallocate(fd, offset, size);
	if (failed != 0)
		return fail(failed);
	if (faulty->open_files[fd] != NULL)
		disk_grow(faulty->open_files[fd], (uint64_t) (offset + size));
	return 0;
}

static int faulty_ftruncate(void *context, int fd, off_t size)
{
	FaultyFiles *faulty = context;
	if (is_failing(faulty))
		return fail(EIO);
	int failed = ftruncate(fd, size);
	if (failed == 0 && faulty->open_files[fd] != NULL)
		disk_set_size(faulty->open_files[fd], (uint64_t) size);
	return failed;
}

static int faulty_rename(void *context, const char *from, const char *to)
{
	FaultyFiles *faulty = context;
	if (is_failing(faulty))
		return fail(EIO);
	int failed = rename(from, to);
	if (failed == 0)
		disk_rename(faulty->disk, name_of(faulty, from), name_of(faulty, to));
	return failed;
}

static int faulty_unlink(void *context, const char *path)
{
	FaultyFiles *faulty = context;
	if (is_failing(faulty))
		return fail(EIO);
	int failed = unlink(path);
	if (failed == 0)
		disk_unlink(faulty->disk, name_of(faulty, path));
	return failed;
}

FaultyFiles *faulty_files_make(const char *folder, uint64_t seed)
{
	FaultyFiles *faulty = memory_allocate_zeroed(1, sizeof *faulty);
	assert(faulty != NULL);
	faulty->folder = folder;
	faulty->disk = disk_make(seed);
	faulty->table = (FileSystem){
		.context = faulty,
		.open = faulty_open,
		.close = faulty_close,
		.pread = faulty_pread,
		.pwrite = faulty_pwrite,
		.fdatasync = faulty_sync,
		.fsync = faulty_sync,
		.fallocate = faulty_fallocate,
		.ftruncate = faulty_ftruncate,
		.rename = faulty_rename,
		.unlink = faulty_unlink,
	};
	return faulty;
}

void faulty_files_free(FaultyFiles *faulty)
{
	disk_free(faulty->disk);
	memory_free(faulty);
}

const FileSystem *faulty_files_table(const FaultyFiles *faulty)
{
	return &faulty->table;
}

void faulty_files_fail(FaultyFiles *faulty, Fault fault, uint64_t nth, uint64_t count)
{
	faulty->fault = fault;
	faulty->fail_from = faulty->calls + nth;
	faulty->fail_to = faulty->fail_from + count;
}

uint64_t faulty_files_calls(const FaultyFiles *faulty)
{
	return faulty->calls;
}

void faulty_files_set_full(FaultyFiles *faulty, bool is_full)
{
	faulty->is_full = is_full;
}

void faulty_files_kill(FaultyFiles *faulty)
{
	faulty->is_killed = true;
}

void faulty_files_restart(FaultyFiles *faulty)
{
	faulty->is_killed = false;
	faulty->fail_to = 0;
}

void faulty_files_power_cut(FaultyFiles *faulty)
{
	disk_power_cut(faulty->disk, faulty->folder);
	faulty_files_restart(faulty);
}
