#include "http_server.h"

#include <dlfcn.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char library_name[] = "libmicrohttpd.so.12";
static const char page_path[] = "/metrics";
static const char page_type[] = "text/plain; version=0.0.4; charset=utf-8";
enum { CONNECTIONS = 16, SECONDS = 10, CONNECTION_BYTES = 32768 };

// The library's functions that are needed here.
struct library {
    void *handle;
    __typeof__(&MHD_start_daemon) start;
    __typeof__(&MHD_stop_daemon) stop;
    __typeof__(&MHD_create_response_from_buffer) response;
    __typeof__(&MHD_add_response_header) header;
    __typeof__(&MHD_queue_response) queue;
    __typeof__(&MHD_destroy_response) destroy;
};

struct http_server {
    struct library library;
    struct MHD_Daemon *daemon;
    http_page page;
    void *context;
};

// Finds a function; `function` is the address of a pointer to it.
static int find(void *handle, const char *name, void *function) {
    void *const symbol = dlsym(handle, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static int load(struct library *library) {
    void *const handle = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return 0;
    library->handle = handle;
    if (find(handle, "MHD_start_daemon", &library->start) && find(handle, "MHD_stop_daemon", &library->stop) &&
        find(handle, "MHD_create_response_from_buffer", &library->response) && find(handle, "MHD_add_response_header", &library->header) &&
        find(handle, "MHD_queue_response", &library->queue) && find(handle, "MHD_destroy_response", &library->destroy))
        return 1;
    dlclose(handle);
    return 0;
}

// Answers with text; `mode` says whose it is.
static enum MHD_Result send_text(const struct http_server *server, struct MHD_Connection *connection, unsigned status, const char *header,
                                 const char *value, void *text, size_t count, enum MHD_ResponseMemoryMode mode) {
    const struct library *library = &server->library;
    struct MHD_Response *response = library->response(count, text, mode);
    if (!response) {
        if (mode == MHD_RESPMEM_MUST_FREE) free(text);
        return MHD_NO;
    }
    library->header(response, header, value);
    const enum MHD_Result result = library->queue(connection, status, response);
    library->destroy(response);
    return result;
}

static enum MHD_Result send_page(const struct http_server *server, struct MHD_Connection *connection) {
    size_t count = 0;
    char *const text = server->page(server->context, &count);
    if (!text) return MHD_NO;
    return send_text(server, connection, MHD_HTTP_OK, "Content-Type", page_type, text, count, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **request) {
    static char not_found[] = "Not found: /metrics is here.\n", not_allowed[] = "Not allowed: GET and HEAD are.\n", seen;
    (void)version, (void)upload;
    const struct http_server *const server = context;
    // First comes the head alone, then what was sent behind it, which is left.
    if (!*request || *upload_size) return *request = &seen, *upload_size = 0, MHD_YES;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return send_text(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Allow", "GET, HEAD", not_allowed, sizeof not_allowed - 1,
                         MHD_RESPMEM_PERSISTENT);
    if (strcmp(path, page_path) != 0)
        return send_text(server, connection, MHD_HTTP_NOT_FOUND, "Content-Type", "text/plain", not_found, sizeof not_found - 1,
                         MHD_RESPMEM_PERSISTENT);
    return send_page(server, connection);
}

struct http_server *http_server_start(int socket, http_page page, void *context, char reason[HTTP_REASON_SIZE]) {
    struct http_server *server = calloc(1, sizeof *server);
    if (!server) return snprintf(reason, HTTP_REASON_SIZE, "too little memory"), NULL;
    server->page = page;
    server->context = context;
    if (!load(&server->library)) {
        snprintf(reason, HTTP_REASON_SIZE, "no %s, which Debian's package libmicrohttpd12 has", library_name);
        return free(server), NULL;
    }
    server->daemon =
        server->library.start(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET,
                              socket, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SECONDS,
                              MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
    if (server->daemon) return server;
    snprintf(reason, HTTP_REASON_SIZE, "a server that does not start");
    dlclose(server->library.handle);
    return free(server), NULL;
}

void http_server_stop(struct http_server *server) {
    server->library.stop(server->daemon);
    dlclose(server->library.handle);
    free(server);
}
