#include "buffer/folder.h"

#include "base/clock.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_SIZE_MAX ((size_t) 64) // room that a folder's path leaves for names in it
#define NUMBER_DIGITS ((size_t) 16)
#define SUFFIX ".segment"
#define SMALL_FILE_SIZE_MAX ((size_t) 64)
#define STREAM_FILE "stream"
#define LOADED_FILE "loaded"
#define END_FILE "end"

bool folder_init(Folder *folder, const char *path, const FileSystem *files, Error *error)
{
	*folder = (Folder){.files = files == NULL ? file_system_posix() : files};
	size_t size = strlen(path);
	if (size == 0 || size > sizeof folder->path - NAME_SIZE_MAX)
		return error_set(error, ERROR_BAD_INPUT, "not a path for a buffer: \"%.100s\"", path);
	memcpy(folder->path, path, size + 1);
	return true;
}

void folder_file_path(const Folder *folder, const char *name, char path[FOLDER_PATH_SIZE])
{
	size_t size = strlen(folder->path);
	memcpy(path, folder->path, size);
	(void) snprintf(path + size, FOLDER_PATH_SIZE - size, "/%s", name);
}

void folder_segment_path(const Folder *folder, uint64_t number, char path[FOLDER_PATH_SIZE])
{
	char name[NAME_SIZE_MAX];
	(void) snprintf(name, sizeof name, "%016" PRIu64 SUFFIX, number);
	folder_file_path(folder, name, path);
}

bool folder_write_all(const Folder *folder, int fd, Slice content, uint64_t offset, Error *error)
{
	const FileSystem *files = folder->files;
	while (content.size > 0)
	{
		ssize_t written = files->pwrite(files->context, fd, content.data, content.size, (off_t) offset);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return error_set_errno(error, errno == ENOSPC || errno == EDQUOT ? ERROR_FULL : ERROR_SYSTEM,
				"cannot write to the buffer %s", folder->path);
		if (written == 0)
			return error_set(error, ERROR_SYSTEM, "cannot write to the buffer %s: nothing is taken", folder->path);
		content = slice_sub(content, (size_t) written, content.size);
		offset += (uint64_t) written;
	}
	return true;
}

bool folder_publish(const Folder *folder, int fd, const char *from, const char *to, bool *is_named, Error *error)
{
	const FileSystem *files = folder->files;
	*is_named = false;
	if (files->fsync(files->context, fd) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot sync %s", from);
	if (files->rename(files->context, from, to) != 0)
		return error_set_errno(error, ERROR_SYSTEM, "cannot rename %s to %s", from, to);
	*is_named = true;
	return file_sync_directory(files, folder->path, error);
}

// ── The small files ──

static bool small_file_read(const Folder *folder, const char *name, char text[SMALL_FILE_SIZE_MAX], Slice *content,
	Error *error)
{
	const FileSystem *files = folder->files;
	char path[FOLDER_PATH_SIZE];
	folder_file_path(folder, name, path);
	int fd = files->open(files->context, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return error_set_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM, "cannot open %s", path);
	ssize_t size = -1;
	do
		size = files->pread(files->context, fd, text, SMALL_FILE_SIZE_MAX, 0);
	while (size < 0 && errno == EINTR);
	bool is_ok = size >= 0 || error_set_errno(error, ERROR_SYSTEM, "cannot read %s", path);
	(void) files->close(files->context, fd);
	if (is_ok)
		*content = slice_trim((Slice){text, (size_t) size});
	return is_ok;
}

static bool small_file_write(const Folder *folder, const char *name, Slice content, Error *error)
{
	const FileSystem *files = folder->files;
	char path[FOLDER_PATH_SIZE];
	char temporary[FOLDER_PATH_SIZE];
	char temporary_name[NAME_SIZE_MAX];
	(void) snprintf(temporary_name, sizeof temporary_name, "%s.new", name);
	folder_file_path(folder, name, path);
	folder_file_path(folder, temporary_name, temporary);
	int fd = files->open(files->context, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set_errno(error, errno == ENOSPC || errno == EDQUOT ? ERROR_FULL : ERROR_SYSTEM, "cannot make %s",
			temporary);
	bool is_named = false;
	bool is_ok = folder_write_all(folder, fd, content, 0, error)
		&& folder_publish(folder, fd, temporary, path, &is_named, error);
	(void) files->close(files->context, fd);
	if (!is_ok && !is_named)
		(void) files->unlink(files->context, temporary);
	return is_ok;
}

bool folder_read_stream(Folder *folder, Error *error)
{
	char text[SMALL_FILE_SIZE_MAX];
	Slice content = SLICE_NONE;
	if (!small_file_read(folder, STREAM_FILE, text, &content, error))
		return false;
	if (!uuid_parse(content, &folder->stream))
		return error_set(error, ERROR_CORRUPT, "%s/%s does not hold the name of a stream", folder->path, STREAM_FILE);
	return true;
}

bool folder_make_stream(Folder *folder, Error *error)
{
	Error missing;
	if (folder_read_stream(folder, &missing))
		return true;
	if (missing.code != ERROR_NOT_FOUND)
	{
		if (error != NULL)
			*error = missing;
		return false;
	}
	uint64_t number;
	if (!folder_next_segment(folder, 0, &number, error))
		return false;
	if (number != 0)
		return error_set(error, ERROR_CORRUPT, "the buffer %s holds segments, but not the file %s with its name",
			folder->path, STREAM_FILE);
	char text[UUID_TEXT_SIZE + 1];
	folder->stream = uuid7_make(clock_now_ms());
	uuid_format(folder->stream, text);
	text[UUID_TEXT_SIZE - 1] = '\n';
	return small_file_write(folder, STREAM_FILE, (Slice){text, UUID_TEXT_SIZE}, error);
}

static bool number_parse(Slice text, uint64_t *number)
{
	int64_t value;
	if (!slice_to_int64(text, &value) || value < 0)
		return false;
	*number = (uint64_t) value;
	return true;
}

bool folder_read_loaded(const Folder *folder, BufferPosition *loaded, Error *error)
{
	char text[SMALL_FILE_SIZE_MAX];
	Slice content = SLICE_NONE;
	Error reason;
	*loaded = (BufferPosition){0};
	if (!small_file_read(folder, LOADED_FILE, text, &content, &reason))
	{
		if (reason.code == ERROR_NOT_FOUND)
			return true;
		if (error != NULL)
			*error = reason;
		return false;
	}
	Slice offset;
	Slice segment = slice_split(content, ' ', &offset);
	if (!number_parse(segment, &loaded->segment) || !number_parse(offset, &loaded->offset))
	{
		*loaded = (BufferPosition){0};
		return error_set(error, ERROR_CORRUPT, "%s/%s does not hold a position", folder->path, LOADED_FILE);
	}
	return true;
}

bool folder_write_loaded(const Folder *folder, BufferPosition loaded, Error *error)
{
	char text[SMALL_FILE_SIZE_MAX];
	int size = snprintf(text, sizeof text, "%" PRIu64 " %" PRIu64 "\n", loaded.segment, loaded.offset);
	return small_file_write(folder, LOADED_FILE, (Slice){text, (size_t) size}, error);
}

bool folder_ask_end(const Folder *folder, Error *error)
{
	return small_file_write(folder, END_FILE, SLICE_LITERAL("asked\n"), error);
}

bool folder_is_end_asked(const Folder *folder)
{
	char path[FOLDER_PATH_SIZE];
	folder_file_path(folder, END_FILE, path);
	return file_exists(path);
}

void folder_end_done(const Folder *folder)
{
	char path[FOLDER_PATH_SIZE];
	folder_file_path(folder, END_FILE, path);
	(void) folder->files->unlink(folder->files->context, path);
}

// ── The segments ──

static bool segment_number(const char *name, uint64_t *number)
{
	Slice text = slice_from(name);
	if (text.size != NUMBER_DIGITS + sizeof SUFFIX - 1
		|| !slice_equal_text(slice_sub(text, NUMBER_DIGITS, text.size), SUFFIX))
		return false;
	for (size_t i = 0; i < NUMBER_DIGITS; i++)
		if (name[i] < '0' || name[i] > '9')
			return false;
	return number_parse(slice_sub(text, 0, NUMBER_DIGITS), number) && *number != 0;
}

// Calls `visit` with each segment's number. A folder that is not there has none.
static bool segments_visit(const Folder *folder,
	bool (*visit)(void *context, uint64_t number, DIR *directory, const char *name, Error *error), void *context,
	Error *error)
{
	DIR *directory = opendir(folder->path);
	if (directory == NULL && errno == ENOENT)
		return true;
	if (directory == NULL)
		return error_set_errno(error, ERROR_SYSTEM, "cannot open the folder %s", folder->path);
	bool is_ok = true;
	while (is_ok)
	{
		uint64_t number;
		errno = 0;
		const struct dirent *entry = readdir(directory);
		if (entry == NULL && errno != 0)
			is_ok = error_set_errno(error, ERROR_SYSTEM, "cannot read the folder %s", folder->path);
		if (entry == NULL)
			break;
		if (segment_number(entry->d_name, &number))
			is_ok = visit(context, number, directory, entry->d_name, error);
	}
	(void) closedir(directory);
	return is_ok;
}

static bool list_add(void *context, uint64_t number, DIR *directory, const char *name, Error *error)
{
	FolderList *list = context;
	struct stat status;
	if (fstatat(dirfd(directory), name, &status, 0) != 0)
		return errno == ENOENT || error_set_errno(error, ERROR_SYSTEM, "cannot look at %s", name); // trimmed just now
	bool is_power_of_two = (list->count & (list->count - 1)) == 0;
	if (is_power_of_two)
	{
		size_t capacity = list->count == 0 ? 1 : list->count * 2;
		FolderSegment *segments = memory_resize(list->segments, capacity * sizeof *segments);
		if (segments == NULL)
			return error_set(error, ERROR_MEMORY, "no memory for a list of segments");
		list->segments = segments;
	}
	list->segments[list->count++] = (FolderSegment){
		.number = number,
		.size_bytes = (uint64_t) status.st_size,
		.modified_ms = (int64_t) status.st_mtim.tv_sec * CLOCK_SECOND_MS + status.st_mtim.tv_nsec / 1000000,
	};
	return true;
}

static int segment_compare(const void *left, const void *right)
{
	const FolderSegment *one = left;
	const FolderSegment *other = right;
	return (one->number > other->number) - (one->number < other->number);
}

bool folder_list(const Folder *folder, FolderList *list, Error *error)
{
	*list = (FolderList){0};
	if (!segments_visit(folder, list_add, list, error))
		return false;
	if (list->count > 0)
		qsort(list->segments, list->count, sizeof *list->segments, segment_compare);
	return true;
}

void folder_list_free(FolderList *list)
{
	memory_free(list->segments);
	*list = (FolderList){0};
}

typedef struct NextSearch {
	uint64_t after;
	uint64_t number;
} NextSearch;

static bool next_consider(void *context, uint64_t number, DIR *directory, const char *name, Error *error)
{
	(void) directory;
	(void) name;
	(void) error;
	NextSearch *search = context;
	if (number > search->after && (search->number == 0 || number < search->number))
		search->number = number;
	return true;
}

bool folder_next_segment(const Folder *folder, uint64_t after, uint64_t *number, Error *error)
{
	NextSearch search = {.after = after};
	if (!segments_visit(folder, next_consider, &search, error))
		return false;
	*number = search.number;
	return true;
}

bool folder_segment_size(const Folder *folder, uint64_t number, uint64_t *size_bytes, Error *error)
{
	char path[FOLDER_PATH_SIZE];
	struct stat status;
	folder_segment_path(folder, number, path);
	if (stat(path, &status) != 0)
		return error_set_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM, "cannot look at %s", path);
	*size_bytes = (uint64_t) status.st_size;
	return true;
}
