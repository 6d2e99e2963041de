local image(name, tag) = name + ':' + tag;

{
  local this = self,
  busyboxImage:: 'docker.io/library/busybox:1.36.1',
  kubectlImage: @'bitnami/kubectl:1.29',
  pictures: ['image: x', 'logo.png'],
  icon_image: 'https://cdn.shop.org/logo:1.png',
  image: {
    repository: 'not read',
  },
  pod(name, image):: {
    spec: {
      containers: [{
        name: name,
        image: image,
        env: [{ name: 'IMAGE', value: 'not/read:1' }],
      }],
    },
  },
  shell: this.pod('shell', this.busyboxImage),
  db: {
    'image': 'postgres:16',
    "other": { image:: 'mysql:8.4' },
    imagePullPolicy: 'Always',
  },
  // image: 'redis:6',
}
