/*
 * The functions of Node-API (version 8) and libuv (1.x) that the helper uses. Both promise a stable binary interface;
 * types stay opaque. A `node` that does not export libuv still loads the helper: then `watch` answers ENOSYS.
 */
#ifndef BOOTWIRE_NODE_H
#define BOOTWIRE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_ref__ *napi_ref;
typedef struct napi_handle_scope__ *napi_handle_scope;
typedef struct napi_callback_info__ *napi_callback_info;
typedef struct napi_async_cleanup_hook_handle__ *napi_async_cleanup_hook_handle;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
typedef void (*napi_finalize)(napi_env, void *data, void *hint);
typedef void (*napi_async_cleanup_hook)(napi_async_cleanup_hook_handle, void *data);
enum { napi_ok = 0, napi_pending_exception = 10 };
enum { napi_uint8_array = 1, napi_function = 7 };

int napi_add_async_cleanup_hook(napi_env, napi_async_cleanup_hook, void *data, napi_async_cleanup_hook_handle *);
int napi_close_handle_scope(napi_env, napi_handle_scope);
int napi_create_function(napi_env, const char *name, size_t length, napi_callback, void *data, napi_value *);
int napi_create_int32(napi_env, int32_t, napi_value *);
int napi_create_reference(napi_env, napi_value, uint32_t count, napi_ref *);
int napi_delete_reference(napi_env, napi_ref);
int napi_fatal_exception(napi_env, napi_value);
int napi_get_and_clear_last_exception(napi_env, napi_value *);
int napi_get_cb_info(napi_env, napi_callback_info, size_t *count, napi_value *arguments, napi_value *self, void **data);
int napi_get_global(napi_env, napi_value *);
int napi_get_reference_value(napi_env, napi_ref, napi_value *);
int napi_get_typedarray_info(napi_env, napi_value, int *type, size_t *length, void **data, napi_value *buffer, size_t *offset);
int napi_get_uv_event_loop(napi_env, void **loop);
int napi_get_value_double(napi_env, napi_value, double *);
int napi_make_callback(napi_env, void *context, napi_value self, napi_value function, size_t count, const napi_value *, napi_value *);
int napi_open_handle_scope(napi_env, napi_handle_scope *);
int napi_remove_async_cleanup_hook(napi_async_cleanup_hook_handle);
int napi_set_instance_data(napi_env, void *data, napi_finalize, void *hint);
int napi_set_named_property(napi_env, napi_value object, const char *name, napi_value);
int napi_typeof(napi_env, napi_value, int *type);

#define WEAK __attribute__((weak))
enum { UV_POLL = 8, UV_UDP = 15, UV_READABLE = 1 };

WEAK void uv_close(void *handle, void (*closed)(void *handle));
WEAK int uv_fileno(const void *handle, int *fd);
WEAK void *uv_handle_get_data(const void *handle);
WEAK int uv_handle_get_type(const void *handle);
WEAK void uv_handle_set_data(void *handle, void *data);
WEAK size_t uv_handle_size(int type);
WEAK const char *uv_handle_type_name(int type);
WEAK int uv_poll_init(void *loop, void *handle, int fd);
WEAK int uv_poll_start(void *handle, int events, void (*ready)(void *handle, int status, int events));
WEAK int uv_poll_stop(void *handle);
WEAK int uv_udp_recv_stop(void *handle);
WEAK void uv_walk(void *loop, void (*visit)(void *handle, void *data), void *data);

#endif
