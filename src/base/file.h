// Files: whole-file helpers for small ones, and the few calls that durable writing needs behind a table of functions, so
// that a test can put a file system that drops, tears and fails in their place.
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <sys/types.h>

// What the buffer does to its files. Each works like the system call of its name (-1 and errno on failure).
typedef struct FileSystem {
	void *context;
	int (*open)(void *context, const char *path, int flags, mode_t mode);
	int (*close)(void *context, int fd);
	ssize_t (*pread)(void *context, int fd, void *data, size_t size, off_t offset);
	ssize_t (*pwrite)(void *context, int fd, const void *data, size_t size, off_t offset);
	int (*fdatasync)(void *context, int fd);
	int (*fsync)(void *context, int fd);
	int (*fallocate)(void *context, int fd, off_t offset, off_t size); // posix_fallocate, but -1 and errno on failure
	int (*ftruncate)(void *context, int fd, off_t size);
	int (*rename)(void *context, const char *from, const char *to);
	int (*unlink)(void *context, const char *path);
} FileSystem;

// The real one.
const FileSystem *file_system_posix(void);

// A whole file into the arena, NUL-terminated behind its end. Fails above size_max bytes (ERROR_TOO_LARGE), ERROR_NOT_FOUND
// when there is none.
bool file_read(const char *path, size_t size_max, Arena *arena, Slice *content, Error *error) MUST_USE;
// Replaces a file so that after a crash it is the old or the new one: temporary file, fsync, rename, fsync of the folder.
bool file_replace(const char *path, Slice content, mode_t mode, Error *error) MUST_USE;
// As file_replace, but never over a file that is there: then *is_created is false, and the file is whole (of several that
// create it at once, one wins).
bool file_create(const char *path, Slice content, mode_t mode, bool *is_created, Error *error) MUST_USE;
// Makes a folder and its parents (as mkdir -p).
bool file_make_directory(const char *path, mode_t mode, Error *error) MUST_USE;
bool file_sync_directory(const FileSystem *files, const char *path, Error *error) MUST_USE;
bool file_exists(const char *path);
// Takes an exclusive lock on `path`, made if needed, without waiting; held until the returned descriptor is closed or the
// process ends. ERROR_BUSY when another process holds it. A program started by exec does not inherit it; a child made by
// fork shares it until it closes the descriptor.
bool file_lock(const char *path, int *fd, Error *error) MUST_USE;
// Writes all of it, through short writes and EINTR.
bool file_write_all(int fd, Slice content, Error *error) MUST_USE;
