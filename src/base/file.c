#include "base/file.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE_MAX ((size_t) 4096)

static int posix_open(void *context, const char *path, int flags, mode_t mode)
{
	(void) context;
	return open(path, flags, mode);
}

static int posix_close(void *context, int fd)
{
	(void) context;
	return close(fd);
}

static ssize_t posix_pread(void *context, int fd, void *data, size_t size, off_t offset)
{
	(void) context;
	return pread(fd, data, size, offset);
}

static ssize_t posix_pwrite(void *context, int fd, const void *data, size_t size, off_t offset)
{
	(void) context;
	return pwrite(fd, data, size, offset);
}

static int posix_fdatasync(void *context, int fd)
{
	(void) context;
	return fdatasync(fd);
}

static int posix_fsync(void *context, int fd)
{
	(void) context;
	return fsync(fd);
}

static int posix_allocate(void *context, int fd, off_t offset, off_t size)
{
	(void) context;
	int failed = posix_fallocate(fd, offset, size);
	if (failed == 0)
		return 0;
	errno = failed;
	return -1;
}

static int posix_ftruncate(void *context, int fd, off_t size)
{
	(void) context;
	return ftruncate(fd, size);
}

static int posix_rename(void *context, const char *from, const char *to)
{
	(void) context;
	return rename(from, to);
}

static int posix_unlink(void *context, const char *path)
{
	(void) context;
	return unlink(path);
}

const FileSystem *file_system_posix(void)
{
	static const FileSystem files = {
		.open = posix_open,
		.close = posix_close,
		.pread = posix_pread,
		.pwrite = posix_pwrite,
		.fdatasync = posix_fdatasync,
		.fsync = posix_fsync,
		.fallocate = posix_allocate,
		.ftruncate = posix_ftruncate,
		.rename = posix_rename,
		.unlink = posix_unlink,
	};
	return &files;
}

// Grows with what is read and not with what stat says, since pipes and files in /proc have no size.
static bool descriptor_read(int fd, const char *path, size_t size_max, Buf *buf, Error *error)
{
	for (;;)
	{
		size_t left = size_max + 1 - buf->size;
		size_t step = left < 65536 ? left : 65536;
		char *target = buf_reserve(buf, step);
		if (target == NULL)
			return error_set(error, ERROR_MEMORY, "no memory to read %s", path);
		ssize_t got = read(fd, target, step);
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR)
			return error_set_errno(error, ERROR_SYSTEM, "cannot read %s", path);
		if (got > 0)
			buf->size += (size_t) got;
		if (buf->size > size_max)
			return error_set(error, ERROR_TOO_LARGE, "%s is larger than %zu bytes", path, size_max);
	}
}

bool file_read(const char *path, size_t size_max, Arena *arena, Slice *content, Error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM, "cannot open %s", path);
	Buf buf;
	buf_init(&buf, size_max + 1);
	bool is_ok = descriptor_read(fd, path, size_max, &buf, error);
	(void) close(fd);
	if (is_ok)
	{
		*content = arena_copy(arena, buf_slice(&buf));
		if (content->data == NULL)
			is_ok = error_set(error, ERROR_MEMORY, "no memory to read %s", path);
	}
	buf_free(&buf);
	return is_ok;
}

bool file_write_all(int fd, Slice content, Error *error)
{
	while (content.size > 0)
	{
		ssize_t written = write(fd, content.data, content.size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return error_set_errno(error, errno == ENOSPC ? ERROR_FULL : ERROR_SYSTEM, "cannot write");
		content = slice_sub(content, (size_t) written, content.size);
	}
	return true;
}

bool file_sync_directory(const FileSystem *files, const char *path, Error *error)
{
	int fd = files->open(files->context, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open the folder %s", path);
	bool is_ok = files->fsync(files->context, fd) == 0;
	if (!is_ok)
		(void) error_set_errno(error, ERROR_SYSTEM, "cannot sync the folder %s", path);
	(void) files->close(files->context, fd);
	return is_ok;
}

// The folder a path stands in: "." where it names none.
static void folder_of(const char *path, char folder[PATH_SIZE_MAX])
{
	(void) snprintf(folder, PATH_SIZE_MAX, "%s", path);
	char *slash = strrchr(folder, '/');
	if (slash == NULL)
		(void) snprintf(folder, PATH_SIZE_MAX, ".");
	else if (slash == folder)
		folder[1] = '\0';
	else
		*slash = '\0';
}

static bool temporary_write(int fd, const char *path, Slice content, mode_t mode, Error *error)
{
	if (!file_write_all(fd, content, error))
		return error_prefix(error, "%s: ", path);
	if (fchmod(fd, mode) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot set the mode of %s", path);
	if (fsync(fd) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot sync %s", path);
	return true;
}

// How a finished temporary file takes its name: false and errno on failure.
typedef bool (*TemporaryPlace)(const char *temporary, const char *path);

static bool temporary_rename(const char *temporary, const char *path)
{
	return rename(temporary, path) == 0;
}

// Never replaces what has the name already.
static bool temporary_link(const char *temporary, const char *path)
{
	if (link(temporary, path) != 0)
		return false;
	(void) unlink(temporary);
	return true;
}

static bool temporary_finish(const char *path, Slice content, mode_t mode, TemporaryPlace place, Error *error)
{
	char temporary[PATH_SIZE_MAX];
	char folder[PATH_SIZE_MAX];
	if (strlen(path) + sizeof ".XXXXXX" > sizeof temporary)
		return error_set(error, ERROR_BAD_INPUT, "the path is longer than %zu bytes: %.100s…", sizeof temporary, path);
	(void) snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
	folder_of(path, folder);
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot make a temporary file beside %s", path);
	bool is_ok = temporary_write(fd, temporary, content, mode, error);
	if (close(fd) != 0 && is_ok)
		is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot close %s", temporary);
	if (is_ok && !place(temporary, path))
		is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot give %s the name %s", temporary, path);
	if (!is_ok)
	{
		(void) unlink(temporary);
		return false;
	}
	return file_sync_directory(file_system_posix(), folder, error);
}

bool file_replace(const char *path, Slice content, mode_t mode, Error *error)
{
	return temporary_finish(path, content, mode, temporary_rename, error);
}

bool file_create(const char *path, Slice content, mode_t mode, bool *is_created, Error *error)
{
	Error failure = {0};
	*is_created = temporary_finish(path, content, mode, temporary_link, &failure);
	if (*is_created || failure.system_errno == EEXIST)
		return true;
	if (error != NULL)
		*error = failure;
	return false;
}

static bool directory_make_one(const char *path, mode_t mode, Error *error)
{
	struct stat status;
	if (mkdir(path, mode) == 0)
		return true;
	int saved = errno;
	if (stat(path, &status) == 0)
	{
		if (S_ISDIR(status.st_mode))
			return true;
		saved = ENOTDIR;
	}
	errno = saved;
	return error_set_errno(error, ERROR_SYSTEM, "cannot make the folder %s", path);
}

bool file_make_directory(const char *path, mode_t mode, Error *error)
{
	char part[PATH_SIZE_MAX];
	if (*path == '\0' || strlen(path) >= sizeof part)
		return error_set(error, ERROR_BAD_INPUT, "not a path for a folder: \"%.100s\"", path);
	(void) snprintf(part, sizeof part, "%s", path);
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
	{
		*slash = '\0';
		if (!directory_make_one(part, mode, error))
			return false;
		*slash = '/';
	}
	return directory_make_one(part, mode, error);
}

bool file_exists(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0;
}

bool file_lock(const char *path, int *fd, Error *error)
{
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (descriptor < 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open the lock %s", path);
	if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
	{
		bool is_held = errno == EWOULDBLOCK;
		(void) error_set_errno(error, is_held ? ERROR_BUSY : ERROR_SYSTEM, "cannot lock %s", path);
		if (is_held)
			(void) error_set(error, ERROR_BUSY, "%s is locked by another process", path);
		(void) close(descriptor);
		return false;
	}
	*fd = descriptor;
	return true;
}
