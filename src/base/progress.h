// A progress bar on stderr for whatever takes long: one line, first drawn two seconds after the start and then at most ten
// times a second, wiped at the end. Nothing at all where stderr is no terminal or --quiet was given.
//
//   import access.log  [========>               ]  37 %  1 min left  124,000 lines
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_HIDDEN_US ((int64_t) 2000000)

typedef struct Progress {
	const char *label;
	int fd; // a terminal, or -1: nothing is drawn
	bool is_drawn;
	int64_t started_us;
	int64_t hidden_us; // not drawn before so much has passed
	int64_t drawn_us;  // when last
} Progress;

// `label` must outlive the progress.
void progress_begin(Progress *progress, const char *label, bool is_quiet);
// total 0: not known, drawn without bar. `note` is any text to stand behind, or NULL. Cheap: may be called very often.
void progress_update(Progress *progress, uint64_t done, uint64_t total, const char *note);
// True where an update now would be drawn, for callers whose note costs something to make.
bool progress_is_due(const Progress *progress);
void progress_end(Progress *progress);

// 1234567 as "1,234,567".
#define PROGRESS_NUMBER_SIZE 27
void progress_format_number(uint64_t number, char text[PROGRESS_NUMBER_SIZE]);
