import { after, before, describe } from 'node:test';
import { type ClientLab, startClientLab } from './client-lab.ts';
import { noClients } from './install-clients.ts';
import { pdmCases } from './pdm-cases.ts';
import { pipCases } from './pip-cases.ts';
import { pipToolsCases } from './pip-tools-cases.ts';
import { pipenvCases } from './pipenv-cases.ts';
import { poetryCases } from './poetry-cases.ts';
import { revokedCases } from './revoked-cases.ts';
import { slowCases } from './slow-cases.ts';
import { uvCases } from './uv-cases.ts';

if (noClients) console.log(`# real clients are not tested: ${noClients}`);

describe('real clients', { skip: noClients, concurrency: 2 }, () => {
  let started: ClientLab;
  const lab = () => started;
  before(async () => {
    started = await startClientLab();
    console.log(`# ${started.clients.versions.join(', ')}`);
  });
  after(() => started?.stop());

  describe('slow first inspection', { concurrency: 7 }, () => slowCases(lab));
  describe('pip', { concurrency: 1 }, () => pipCases(lab));
  describe('uv', { concurrency: 1 }, () => uvCases(lab));
  describe('Poetry', { concurrency: 1 }, () => poetryCases(lab));
  describe('PDM', { concurrency: 1 }, () => pdmCases(lab));
  describe('Pipenv', { concurrency: 1 }, () => pipenvCases(lab));
  describe('revoked', () => revokedCases(lab));
  describe('pip-tools', { concurrency: 1 }, () => pipToolsCases(lab));
});
