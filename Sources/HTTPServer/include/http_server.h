#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stddef.h>

// One page of text over HTTP, by GNU libmicrohttpd. The library is loaded when a server is started: a program that serves nothing needs none.

struct http_server;

enum { HTTP_REASON_SIZE = 256 };

// Makes the page: bytes of malloc's, which the server frees, and their number; NULL where there is no memory. Called from the server's thread.
typedef char *(*http_page)(void *context, size_t *count);

// Serves the page at /metrics on a listening socket, which becomes the server's. Returns NULL and says why not in `reason`; the socket then stays
// the caller's.
struct http_server *http_server_start(int socket, http_page page, void *context, char reason[HTTP_REASON_SIZE]);

// Ends the server, once it has answered whom it answers.
void http_server_stop(struct http_server *server);

#endif
