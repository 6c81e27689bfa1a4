// The limit of P1: a server on the same HTTP library that reads each request whole and answers at once.
//   bare_http     prints its port
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/util.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>

static void answer(struct evhttp_request *request, void *context)
{
	(void) context;
	struct evbuffer *body = evbuffer_new();
	(void) evbuffer_add(body, "{\"success\":true}", 16);
	(void) evhttp_add_header(evhttp_request_get_output_headers(request), "content-type", "application/json");
	evhttp_send_reply(request, 200, NULL, body);
	evbuffer_free(body);
}

int main(void)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	struct sockaddr_in name = {0};
	socklen_t size = sizeof name;
	(void) signal(SIGPIPE, SIG_IGN);
	evhttp_set_gencb(http, answer, NULL);
	struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
	if (bound == NULL || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *) &name, &size) != 0)
		return 1;
	(void) printf("%d\n", ntohs(name.sin_port));
	(void) fflush(stdout);
	return event_base_dispatch(base) == 0 ? 0 : 1;
}
