import type { CoreMetadata } from '../python/metadata.ts';
import type { About } from './rules/rule.ts';

/** Hosts where everyone has a page: their labels say nothing about the project. */
const PUBLIC_LABELS = new Set(
  'github gitlab bitbucket codeberg sourceforge google gmail googlemail outlook hotmail live yahoo icloud proton protonmail qq 163 126 foxmail mail yandex readthedocs readthedocs-hosted python pypi pythonhosted discord telegram twitter linkedin medium example test localhost users noreply com co org net ac gov edu'.split(
    ' ',
  ),
);

/** Labels under which the project may talk to its own servers: its name, and the domains of its pages and authors. */
export function aboutProject(metadata: CoreMetadata | undefined): About {
  const labels = new Set<string>();
  const name = metadata?.name?.toLowerCase() ?? '';
  for (const label of [name, name.replace(/[-_.]/g, ''), ...name.split(/[-_.]/)])
    if (label.length > 3) labels.add(label);
  const places = [
    metadata?.homePage,
    metadata?.downloadUrl,
    metadata?.authorEmail,
    metadata?.maintainerEmail,
    ...(metadata?.projectUrls ?? []),
  ];
  for (const place of places) {
    const host = /(?:\/\/|@)([\w.-]{3,200})/.exec(place ?? '')?.[1]?.toLowerCase();
    const label = host?.split('.').at(-2);
    if (label !== undefined && label.length > 2 && !PUBLIC_LABELS.has(label)) labels.add(label);
  }
  return { ownLabels: labels };
}

/**
 * How many of six fields nobody filled in: description, URL, summary, licence, classifiers, author. Anonymous packages
 * are mostly honest; the count only weighs what behaviour has found. Metadata that is missing as a whole counts as six.
 */
export function countMissingFields(metadata: CoreMetadata | undefined): number {
  if (metadata === undefined) return 6;
  const filled = [
    metadata.description,
    metadata.homePage ?? metadata.downloadUrl ?? metadata.projectUrls[0],
    metadata.summary,
    metadata.license ??
      metadata.licenseExpression ??
      metadata.licenseFiles[0] ??
      metadata.classifiers.find((each) => each.startsWith('License')),
    metadata.classifiers[0],
    metadata.author ?? metadata.authorEmail ?? metadata.maintainer ?? metadata.maintainerEmail,
  ];
  return filled.filter((value) => value === undefined || value.trim() === '').length;
}
