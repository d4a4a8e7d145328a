/** A pyproject.toml that uses the gate as `wheelgate setup poetry` says. @param source what that printed */
export function aPoetryProject(source: string, ...requirements: readonly string[]): string {
  return `${aProject(requirements)}\n[tool.poetry]\npackage-mode = false\n\n${source}`;
}

/** The same for PDM. */
export function aPdmProject(source: string, ...requirements: readonly string[]): string {
  return `${aProject(requirements)}\n[tool.pdm]\ndistribution = false\n\n${source}`;
}

/** For uv, whose index stands in uv.toml. */
export function aProject(requirements: readonly string[]): string {
  const dependencies = requirements.map((requirement) => `"${requirement}"`).join(', ');
  return `[project]\nname = "app"\nversion = "0"\nrequires-python = ">=3.11,<4"\ndependencies = [${dependencies}]\n`;
}
