import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Later } from '../measure/clean-up.ts';
import { type BenchServer, freePort, startProgram } from './server.ts';

/** Why there is no nginx, or false. */
export const noNginx: string | false =
  spawnSync('nginx', ['-v']).error === undefined ? false : 'nginx is not installed (apt-get install nginx)';

/**
 * Serves a folder the way nginx is set up for static files: sendfile and tcp_nopush as in Debian's nginx.conf, one worker
 * because every figure is per processor, and no access log because nobody else here writes one.
 * @param folder `simple/<project>/index.json` and files; the configuration is written into it
 */
export async function startNginx(folder: string, later: Later): Promise<BenchServer> {
  const port = await freePort();
  const configuration = join(folder, 'nginx.conf');
  // A worker of its own user could not read a temporary folder of root's.
  const user = userInfo().uid === 0 ? 'user root;' : '';
  await writeFile(
    configuration,
    `${user}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/nginx-body;
  proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi;
  uwsgi_temp_path ${folder}/nginx-uwsgi;
  scgi_temp_path ${folder}/nginx-scgi;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  default_type application/octet-stream;
  server {
    listen 127.0.0.1:${port};
    root ${folder};
    location /simple/ {
      index index.json;
      default_type application/vnd.pypi.simple.v1+json;
    }
  }
}
`,
  );
  return startProgram(later, { name: 'nginx', command: 'nginx', args: ['-p', folder, '-c', configuration], port });
}
