#include "base/clock.h"
#include "base/log.h"
#include "buffer/backlog.h"
#include "buffer/buffer.h"
#include "buffer/folder.h"

#include <errno.h>
#include <inttypes.h>

static bool segments_delete(const Folder *folder, const FolderList *list, uint64_t below, int64_t written_before_ms,
	Error *error)
{
	for (size_t i = 0; i < list->count && list->segments[i].number < below; i++)
	{
		char path[FOLDER_PATH_SIZE];
		const FolderSegment *segment = &list->segments[i];
		if (segment->modified_ms > written_before_ms)
			continue;
		folder_segment_path(folder, segment->number, path);
		if (folder->files->unlink(folder->files->context, path) != 0 && errno != ENOENT)
			return error_set_errno(error, ERROR_SYSTEM, "cannot delete %s", path);
		log_event(LOG_INFO, "buffer.trimmed", "segment=%" PRIu64 " size=%" PRIu64, segment->number,
			segment->size_bytes);
	}
	return true;
}

bool buffer_trim(const char *path, const BufferOptions *options, BufferPosition flushed, int64_t keep_ms, Error *error)
{
	Folder folder;
	BufferPosition loaded;
	Error reason;
	if (!folder_init(&folder, path, options->files, error))
		return false;
	if (!folder_read_loaded(&folder, &loaded, &reason))
		log_error("buffer.loaded_not_read", &reason); // and is written anew
	// Recorded before anything is deleted: the number of the next segment is above both.
	if (buffer_position_compare(loaded, flushed) != 0 && !folder_write_loaded(&folder, flushed, error))
		return false;
	FolderList list;
	bool is_ok = folder_list(&folder, &list, error)
		&& segments_delete(&folder, &list, flushed.segment, clock_now_ms() - keep_ms, error);
	folder_list_free(&list);
	return is_ok;
}

bool buffer_folder_unloaded_bytes(const char *path, uint64_t *bytes, Error *error)
{
	Folder folder;
	Backlog backlog;
	BufferPosition loaded;
	*bytes = 0;
	if (!folder_init(&folder, path, NULL, error))
		return false;
	Error reason;
	if (!folder_read_stream(&folder, &reason))
	{
		if (reason.code == ERROR_NOT_FOUND)
			return true;
		if (error != NULL)
			*error = reason;
		return false;
	}
	backlog_init(&backlog);
	bool is_ok =
		folder_read_loaded(&folder, &loaded, error) && backlog_read(&backlog, &folder, loaded, UINT64_MAX, error);
	*bytes = backlog.bytes;
	backlog_free(&backlog);
	return is_ok;
}

bool buffer_folder_loaded(const char *path, BufferPosition *loaded, Error *error)
{
	Folder folder;
	return folder_init(&folder, path, NULL, error) && folder_read_loaded(&folder, loaded, error);
}
