// rendered by the jsonnet extension
local go = 'golang:1.23';
local step(name, cmds) = {
  name: name,
  image: go,
  commands: cmds,
};

[
  {
    kind: 'pipeline',
    type: 'docker',
    name: 'default',
    steps: [
      step('test', ['go test ./...']),
      {
        name: 'scan',
        image: 'docker:27-cli',
        commands: ['docker run --rm aquasec/trivy:0.56.1 fs .'],
      },
      { name: 'push', image: 'plugins/docker', settings: { repo: 'acme/tool', tags: ['latest'] } },
    ],
    services: [{ name: 'db', image: 'mysql:8.4' }],
  },
]
