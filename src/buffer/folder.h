// The folder of a stream: its names, its segments, its two small files. Names and sizes are read straight from the system;
// everything that makes, changes or removes goes through the FileSystem.
#pragma once
#include "base/error.h"
#include "base/file.h"
#include "base/uuid.h"
#include "buffer/buffer.h"

#define FOLDER_PATH_SIZE 4096

typedef struct Folder {
	const FileSystem *files;
	Uuid stream;
	char path[FOLDER_PATH_SIZE];
} Folder;

// Takes no resources; `files` NULL is the real file system.
bool folder_init(Folder *folder, const char *path, const FileSystem *files, Error *error) MUST_USE;
void folder_file_path(const Folder *folder, const char *name, char path[FOLDER_PATH_SIZE]);
void folder_segment_path(const Folder *folder, uint64_t number, char path[FOLDER_PATH_SIZE]);
// Gives a finished file its name, durably: sync of the file, rename, sync of the folder. *is_named tells after a failure
// whether the name may be there already.
bool folder_publish(const Folder *folder, int fd, const char *from, const char *to, bool *is_named, Error *error)
	MUST_USE;
// Through short writes and EINTR; ERROR_FULL when there is no room.
bool folder_write_all(const Folder *folder, int fd, Slice content, uint64_t offset, Error *error) MUST_USE;

// The stream's name; ERROR_NOT_FOUND where there is no stream yet, ERROR_CORRUPT where its file holds something else.
bool folder_read_stream(Folder *folder, Error *error) MUST_USE;
// Reads the name or makes one. Segments without a name are ERROR_CORRUPT: what they belong to is not known.
bool folder_make_stream(Folder *folder, Error *error) MUST_USE;

// {0, 0} where there is no such file; ERROR_CORRUPT where it holds something else.
bool folder_read_loaded(const Folder *folder, BufferPosition *loaded, Error *error) MUST_USE;
bool folder_write_loaded(const Folder *folder, BufferPosition loaded, Error *error) MUST_USE;

// Somebody wants the segment that is being written to end; the writer takes the wish away when it has ended.
bool folder_ask_end(const Folder *folder, Error *error) MUST_USE;
bool folder_is_end_asked(const Folder *folder);
void folder_end_done(const Folder *folder);

typedef struct FolderSegment {
	uint64_t number;
	uint64_t size_bytes;
	int64_t modified_ms;
} FolderSegment;

typedef struct FolderList {
	FolderSegment *segments; // by number
	size_t count;
} FolderList;

// The caller frees the list, also of a failure. A folder that is not there has no segments.
bool folder_list(const Folder *folder, FolderList *list, Error *error) MUST_USE;
void folder_list_free(FolderList *list);
// The lowest number above `after`; 0 where there is none.
bool folder_next_segment(const Folder *folder, uint64_t after, uint64_t *number, Error *error) MUST_USE;
bool folder_segment_size(const Folder *folder, uint64_t number, uint64_t *size_bytes, Error *error) MUST_USE;
