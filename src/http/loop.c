#include "http/internal.h"

#include "base/memory.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <signal.h>

typedef struct LoopEvent LoopEvent;
struct LoopEvent {
	struct event event;
	HttpCallback callback;
	void *context;
	LoopEvent *next;
};

struct HttpLoop {
	struct event_base *base;
	HttpCallback on_turn_end;
	void *turn_end_context;
	LoopEvent *events;
	bool is_stopped;
};

struct event_base *http_loop_base(HttpLoop *loop)
{
	return loop->base;
}

bool http_loop_open(HttpLoop **loop, Error *error)
{
	HttpLoop *made = memory_allocate_zeroed(1, sizeof *made);
	if (made == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for an event loop.");
	made->base = event_base_new();
	if (made->base == NULL)
	{
		memory_free(made);
		return error_set(error, ERROR_SYSTEM, "libevent made no event loop.");
	}
	(void) signal(SIGPIPE, SIG_IGN); // a client that is gone shows as EPIPE
	*loop = made;
	return true;
}

void http_loop_close(HttpLoop *loop)
{
	if (loop == NULL)
		return;
	while (loop->events != NULL)
	{
		LoopEvent *event = loop->events;
		loop->events = event->next;
		(void) event_del(&event->event);
		memory_free(event);
	}
	event_base_free(loop->base);
	memory_free(loop);
}

void http_loop_on_turn_end(HttpLoop *loop, HttpCallback callback, void *context)
{
	loop->on_turn_end = callback;
	loop->turn_end_context = context;
}

static void on_event(evutil_socket_t fd, short what, void *context)
{
	(void) fd;
	(void) what;
	const LoopEvent *event = context;
	event->callback(event->context);
}

static bool event_put(HttpLoop *loop, int fd, short what, int64_t interval_ms, HttpCallback callback, void *context,
	Error *error)
{
	LoopEvent *event = memory_allocate_zeroed(1, sizeof *event);
	if (event == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for an event.");
	event->callback = callback;
	event->context = context;
	struct timeval interval = {interval_ms / 1000, interval_ms % 1000 * 1000};
	if (event_assign(&event->event, loop->base, fd, (short) (what | EV_PERSIST), on_event, event) != 0
		|| event_add(&event->event, interval_ms > 0 ? &interval : NULL) != 0)
	{
		memory_free(event);
		return error_set(error, ERROR_SYSTEM, "libevent does not take the descriptor or signal %d.", fd);
	}
	event->next = loop->events;
	loop->events = event;
	return true;
}

static void on_end_signal(void *context)
{
	http_loop_stop(context);
}

bool http_loop_handle_signals(HttpLoop *loop, HttpCallback on_hangup, void *context, Error *error)
{
	if (!event_put(loop, SIGTERM, EV_SIGNAL, 0, on_end_signal, loop, error)
		|| !event_put(loop, SIGINT, EV_SIGNAL, 0, on_end_signal, loop, error))
		return false;
	return on_hangup == NULL || event_put(loop, SIGHUP, EV_SIGNAL, 0, on_hangup, context, error);
}

bool http_loop_add_timer(HttpLoop *loop, int64_t interval_ms, HttpCallback callback, void *context, Error *error)
{
	return event_put(loop, -1, EV_TIMEOUT, interval_ms < 1 ? 1 : interval_ms, callback, context, error);
}

bool http_loop_add_reader(HttpLoop *loop, int fd, HttpCallback callback, void *context, Error *error)
{
	return event_put(loop, fd, EV_READ, 0, callback, context, error);
}

bool http_loop_run(HttpLoop *loop, Error *error)
{
	while (!loop->is_stopped)
	{
		int status = event_base_loop(loop->base, EVLOOP_ONCE);
		if (status < 0)
			return error_set_errno(error, ERROR_SYSTEM, "The event loop failed");
		if (loop->on_turn_end != NULL)
			loop->on_turn_end(loop->turn_end_context);
		if (status > 0) // nothing left to wait for
			break;
	}
	loop->is_stopped = false;
	return true;
}

void http_loop_stop(HttpLoop *loop)
{
	loop->is_stopped = true;
	(void) event_base_loopbreak(loop->base);
}
