'use strict';

const Docker = require('dockerode');

const docker = new Docker({ socketPath: '/var/run/docker.sock' });
const IMAGES = ['python:3.9', 'node:14'];
const SANDBOX = 'node:20-alpine';

async function run(code) {
  await docker.pull(SANDBOX);
  const container = await docker.createContainer({
    Image: SANDBOX,
    Cmd: ['node', '-e', code],
    Env: [`SIZE=${IMAGES.length / 2}`],
    HostConfig: { AutoRemove: true },
  });
  await container.start();
  await docker.run('debian:12', ['bash', '-c', 'uname -a'], process.stdout);
  await docker.createImage({ fromImage: 'ruby', tag: '3.3' });
  await docker.getImage('not:pulled').inspect();
  await docker.buildImage({ context: __dirname, src: ['Dockerfile'] }, { t: 'sandbox:dev' });
}

const own = (tag) => docker.createContainer({ Image: `registry.shop.org/sandbox:${tag}` });

module.exports = { own, run, pattern: /docker\.pull\('evil:1'\)/ };
