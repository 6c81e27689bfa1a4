#include "service/identify_secret.h"

#include "base/file.h"

#define SECRET_BYTES_MAX 4096

bool identify_secret_read(const Settings *settings, Arena *arena, Slice *secret, Error *error)
{
	const char *path = settings->identify_secret_file;
	*secret = SLICE_NONE;
	if (*path == '\0')
		return true;
	if (!file_read(path, SECRET_BYTES_MAX, arena, secret, error))
		return false;
	*secret = slice_trim(*secret);
	return secret->size > 0 || error_set(error, ERROR_BAD_INPUT, "the file of the identify secret, %s, is empty", path);
}
