#include "import/hit_lines.h"

#include <string.h>

static void refusal_count(HitLineCounts *counts, const HitLines *lines, uint64_t number, HitLineVerdict verdict)
{
	for (size_t i = 0; i < HIT_LINES_CODES_MAX; i++)
	{
		HitLineCode *code = &counts->codes[i];
		if (code->code != NULL && strcmp(code->code, verdict.code) != 0)
			continue;
		code->code = verdict.code;
		code->lines++;
		break;
	}
	if (counts->example_count < HIT_LINES_EXAMPLES_MAX)
		counts->examples[counts->example_count++] =
			(HitLineExample){.path = lines->path, .line = number, .code = verdict.code, .reason = verdict.reason};
}

static bool line_take(const HitLines *lines, const Line *line, HitLineCounts *counts, Error *error)
{
	HitLineVerdict verdict = {0};
	if (!line->is_cut && slice_trim(line->text).size == 0)
		return true;
	if (line->is_cut)
		verdict = (HitLineVerdict){"too_large", "the line is longer than any hit may be"};
	else if (!lines->take(lines->take_context, line, &verdict, error))
		return error_prefix(error, "line %llu: ", (unsigned long long) line->number);
	counts->lines++;
	if (verdict.code == NULL)
		counts->accepted++;
	else
		refusal_count(counts, lines, line->number, verdict);
	return true;
}

bool hit_lines_read(const HitLines *lines, LineReader *reader, HitLineCounts *counts, Error *error)
{
	for (;;)
	{
		Line line;
		bool has_line = false;
		if (!line_reader_pause(reader, lines->pause, lines->pause_context, error))
			return false;
		if (!line_reader_next(reader, &line, &has_line, error))
			return false;
		if (!has_line)
			return true;
		if (!line_take(lines, &line, counts, error))
			return false;
	}
}
