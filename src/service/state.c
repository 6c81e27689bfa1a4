#include "service/state.h"

#include "base/file.h"

#include <unistd.h>

bool state_make(const char *state_dir, Error *error)
{
	return file_make_directory(state_dir, geteuid() == 0 ? 0711 : 0700, error);
}
