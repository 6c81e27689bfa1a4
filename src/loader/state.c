#include "loader/state.h"

Load state_load(Loader *loader, int64_t now_ms)
{
	arena_reset(&loader->arena);
	return (Load){.conn = loader->conn,
		.arena = &loader->arena,
		.copy = &loader->copy,
		.recent = &loader->recent,
		.read_rows_max = loader->options.read_rows_max,
		.rules = {.timeout_ms = loader->options.timeout_ms,
			.session_max_ms = loader->options.session_max_ms,
			.now_ms = now_ms},
		.is_consent_off = loader->options.is_consent_off};
}
