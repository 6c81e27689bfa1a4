// A writer in a process of its own is killed at random moments, while a reader here follows it over the same files.
#include "buffer/buffer.h"

#include "base/log.h"
#include "base/random.h"
#include "harness/buffer_model.h"
#include "harness/folder.h"
#include "harness/random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ROUNDS 24
#define FRAMES_A_ROUND_MAX 500U

// In the child: writes for ever, and says of each frame that it begins, and of each sync that succeeded.
static _Noreturn void writer_run(BufferModel *model, const BufferOptions *options, int pipe_fd)
{
	Error error;
	BufferWriter *writer;
	(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!buffer_writer_open(model->folder, options, &writer, &error))
		_exit(EXIT_FAILURE);
	while (model->appended + 1 < MODEL_FRAMES_MAX)
	{
		for (uint64_t left = model->appended % 5; left < 5; left++)
			while (!buffer_model_append(model, writer, &error))
				(void) sched_yield(); // at the bound, until the reader has trimmed
		if (!buffer_model_sync(model, writer, &error))
			_exit(EXIT_FAILURE);
		if (write(pipe_fd, &model->synced, sizeof model->synced) != sizeof model->synced)
			_exit(EXIT_FAILURE);
	}
	for (;;)
		(void) pause();
}

// What the writer has said so far.
static void news_take(BufferModel *model, int pipe_fd)
{
	uint64_t synced;
	while (read(pipe_fd, &synced, sizeof synced) == sizeof synced)
		for (; model->synced < synced; model->synced++)
			model->is_certain[model->synced + 1] = true;
}

static void round_run(BufferModel *model, const BufferOptions *options, uint64_t frames)
{
	int pipe_fds[2];
	Error error;
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK), 0);
	assert_true(fcntl(pipe_fds[1], F_SETFL, 0) == 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
	{
		model->reader = NULL; // the parent's
		writer_run(model, options, pipe_fds[1]);
	}
	(void) close(pipe_fds[1]);
	uint64_t until = model->read + frames;
	model->appended = MODEL_FRAMES_MAX - 1; // any may come out: how far the writer is, only it knows
	while (model->read < until)
	{
		assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
		buffer_model_read(model, options, 50, false);
		news_take(model, pipe_fds[0]);
		if (!buffer_trim(model->folder, options, model->position, 0, &error))
			fail_msg("%s", error.message);
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	news_take(model, pipe_fds[0]);
	(void) close(pipe_fds[0]);
	buffer_model_read(model, options, MODEL_FRAMES_MAX, false);
	buffer_model_check_complete(model);
	// The next writer goes on behind all that this one may have written.
	model->appended = (model->read > model->synced ? model->read : model->synced) + 100;
	model->synced = model->appended;
}

static void test_a_killed_writer_loses_nothing_and_a_reader_follows(void **state)
{
	(void) state;
	static BufferModel model;
	char folder[TEST_FOLDER_SIZE];
	BufferOptions options = {.segment_bytes = 16384, .unloaded_bytes_max = 60000, .look_again_ms = -1};
	RandomCase random = random_case_begin("kill");
	test_folder_make(folder);
	buffer_model_init(&model, folder, random_case_next(&random));
	for (size_t i = random_case_count(ROUNDS); i > 0 && model.appended + FRAMES_A_ROUND_MAX * 2 < MODEL_FRAMES_MAX; i--)
		round_run(&model, &options, 1 + random_case_below(&random, FRAMES_A_ROUND_MAX));
	assert_true(model.read > ROUNDS);
	buffer_model_end(&model);
	test_folder_remove(folder);
}

int main(void)
{
	Error error;
	if (!random_init(&error))
		return EXIT_FAILURE;
	log_init("test", LOG_ERROR);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_killed_writer_loses_nothing_and_a_reader_follows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
