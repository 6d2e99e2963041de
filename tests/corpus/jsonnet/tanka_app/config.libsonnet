{
  _config+:: {
    cluster: error 'must set cluster',
    port: 3000,
  },
  _images+:: {
    // kept in one place, so that Renovate finds them
    auth: 'quay.io/oauth2-proxy/oauth2-proxy:v7.6.0',
    cache: "memcached:1.6.26-alpine",
    own: 'registry.shop.org/web:%s' % std.extVar('version'),
    note: 'not an image',
  },
}
