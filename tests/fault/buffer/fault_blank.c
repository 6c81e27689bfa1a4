// Frames are taken out of segments as often as that makes calls to the file system, and each time another one of them fails or is the
// last; then the power may be cut. Whatever failed: each segment is the old one or the new one, and the next try brings it to its end.
#include "buffer/blank.h"

#include "base/log.h"
#include "base/random.h"
#include "harness/buffer_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FRAMES 60U
#define SIZE 200U
#define SEGMENTS_MAX 16U
#define FOR_EVER 1000000U

typedef enum Ending { ENDING_POWER_CUT, ENDING_KILL, ENDING_GO_ON, ENDINGS } Ending;

static bool is_to_go(unsigned number)
{
	return number % 3 == 1 || number / 20 == 2; // all of a segment, too
}

static bool choose(void *context, const Slice *payloads, size_t count, bool *is_gone, Error *error)
{
	(void) context;
	(void) error;
	for (size_t at = 0; at < count; at++)
		is_gone[at] = is_to_go((unsigned) strtoul(payloads[at].data, NULL, 10));
	return true;
}

// Everything that is not to go is there, at its place. *gone: how many of the others are not; a segment has all or none of them.
static void check(BufferFixture *fixture, const BufferPosition *ends, unsigned *gone)
{
	enum { UNKNOWN, OLD, NEW } segments[SEGMENTS_MAX] = {UNKNOWN};
	fixture->options.files = NULL;
	fixture_reader_open(fixture, (BufferPosition){0});
	*gone = 0;
	for (unsigned number = 0; number < FRAMES; number++)
	{
		Slice payload;
		bool has_frame = false;
		if (!buffer_read(fixture->reader, &payload, &has_frame, &fixture->error))
			fail_msg("frame %u: %s", number, fixture->error.message);
		assert_true(has_frame);
		assert_int_equal(payload.size, SIZE);
		BufferPosition end = buffer_reader_position(fixture->reader);
		assert_int_equal(buffer_position_compare(end, ends[number]), 0);
		assert_true(end.segment < SEGMENTS_MAX);
		bool is_blank = buffer_is_blank(payload);
		assert_true(is_to_go(number) || !is_blank);
		assert_true(is_blank || strtoul(payload.data, NULL, 10) == number);
		if (!is_to_go(number))
			continue;
		assert_int_not_equal(segments[end.segment], is_blank ? OLD : NEW);
		segments[end.segment] = is_blank ? NEW : OLD;
		*gone += is_blank;
	}
	fixture_reads_nothing(fixture);
	buffer_reader_close(fixture->reader);
	fixture->reader = NULL;
	fixture->options.files = faulty_files_table(fixture->faulty);
}

static void frames_write(BufferFixture *fixture, BufferPosition *ends)
{
	fixture_writer_open(fixture);
	for (unsigned number = 0; number < FRAMES; number++)
	{
		fixture_append_synced(fixture, number, SIZE);
		ends[number] = buffer_writer_position(fixture->writer);
	}
	buffer_writer_close(fixture->writer);
	fixture->writer = NULL;
}

static bool blank(BufferFixture *fixture)
{
	uint64_t blanked = 0;
	return buffer_blank(fixture->folder, &fixture->options, UINT64_MAX, choose, NULL, &blanked, &fixture->error);
}

// Returns how many calls the first try made.
static uint64_t scenario_run(Fault fault, uint64_t nth, uint64_t count, Ending ending)
{
	BufferFixture *fixture = NULL;
	void *state = NULL;
	BufferPosition ends[FRAMES];
	unsigned gone = 0;
	unsigned all = 0;
	char temporary[FIXTURE_PATH_SIZE];
	for (unsigned number = 0; number < FRAMES; number++)
		all += is_to_go(number);
	(void) buffer_fixture_set_up(&state);
	fixture = state;
	frames_write(fixture, ends);
	uint64_t calls = faulty_files_calls(fixture->faulty);
	faulty_files_fail(fixture->faulty, fault, nth, count);
	bool is_ok = blank(fixture);
	calls = faulty_files_calls(fixture->faulty) - calls;
	if (ending != ENDING_GO_ON)
		faulty_files_kill(fixture->faulty);
	if (ending == ENDING_POWER_CUT)
		faulty_files_power_cut(fixture->faulty);
	faulty_files_restart(fixture->faulty);
	check(fixture, ends, &gone);
	assert_true(!is_ok || gone == all);
	if (!blank(fixture))
		fail_msg("%s", fixture->error.message);
	faulty_files_power_cut(fixture->faulty);
	faulty_files_restart(fixture->faulty);
	check(fixture, ends, &gone);
	assert_int_equal(gone, all);
	(void) snprintf(temporary, sizeof temporary, "%s/blanked.new", fixture->folder);
	assert_false(file_exists(temporary));
	(void) buffer_fixture_tear_down(&state);
	return calls;
}

static void each_call_fails(uint64_t count)
{
	for (Fault fault = 0; fault < FAULT_KINDS; fault++)
		for (Ending ending = 0; ending < ENDINGS; ending++)
		{
			if (fault == FAULT_KILL && (ending == ENDING_GO_ON || count > 1))
				continue;
			uint64_t calls = scenario_run(fault, 0, 0, ending); // where nothing fails
			assert_true(calls > 20);
			for (uint64_t nth = 0; nth < calls; nth++)
				(void) scenario_run(fault, nth, count, ending);
		}
}

static void test_any_call_may_fail_once_or_be_the_last(void **state)
{
	(void) state;
	each_call_fails(1);
}

static void test_any_call_and_all_after_it_may_fail(void **state)
{
	(void) state;
	each_call_fails(FOR_EVER);
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR + 1); // what is made to fail here is no news
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_call_may_fail_once_or_be_the_last),
		cmocka_unit_test(test_any_call_and_all_after_it_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
