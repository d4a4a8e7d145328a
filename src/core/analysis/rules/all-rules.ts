import { addressService } from './address-service/rule.ts';
import { antiAnalysis } from './anti-analysis/rule.ts';
import { argumentExfiltration } from './argument-exfiltration/rule.ts';
import { bidirectionalText } from './bidirectional-text/rule.ts';
import { blobBesideExecution } from './blob-beside-execution/rule.ts';
import { callbackCatcher } from './callback-catcher/rule.ts';
import { callbackCatcherMention } from './callback-catcher-mention/rule.ts';
import { clipboardReplacement } from './clipboard-replacement/rule.ts';
import { constantDecryption } from './constant-decryption/rule.ts';
import { credentialExfiltration } from './credential-exfiltration/rule.ts';
import { decodeBesideExecution } from './decode-beside-execution/rule.ts';
import { decodedCommand } from './decoded-command/rule.ts';
import { decodedExecution } from './decoded-execution/rule.ts';
import { decodedIndicator } from './decoded-indicator/rule.ts';
import { decodedLiteral } from './decoded-literal/rule.ts';
import { decryption } from './decryption/rule.ts';
import { destruction } from './destruction/rule.ts';
import { downloadAndRun } from './download-and-run/rule.ts';
import { downloadBesideRun } from './download-beside-run/rule.ts';
import { downloadToFile } from './download-to-file/rule.ts';
import { downloaderCommand } from './downloader-command/rule.ts';
import { downloaderText } from './downloader-text/rule.ts';
import { droppedProgram } from './dropped-program/rule.ts';
import { environmentExfiltration } from './environment-exfiltration/rule.ts';
import { executableUrl } from './executable-url/rule.ts';
import { executableUrlMention } from './executable-url-mention/rule.ts';
import { fileExfiltration } from './file-exfiltration/rule.ts';
import { foreignHost } from './foreign-host/rule.ts';
import { hiddenCode } from './hidden-code/rule.ts';
import { hiddenCommand } from './hidden-command/rule.ts';
import { hostBesideNetwork } from './host-beside-network/rule.ts';
import { hostExfiltration } from './host-exfiltration/rule.ts';
import { indirectImport } from './indirect-import/rule.ts';
import { layerBehaviour } from './layer-behaviour/rule.ts';
import { limitReached } from './limit-reached/rule.ts';
import { literalExecution } from './literal-execution/rule.ts';
import { longBlob } from './long-blob/rule.ts';
import { lookAlikeName } from './look-alike-name/rule.ts';
import { mangledNames } from './mangled-names/rule.ts';
import { nativeMemory } from './native-memory/rule.ts';
import { networkCall } from './network-call/rule.ts';
import { networkExecution } from './network-execution/rule.ts';
import { oddDomain } from './odd-domain/rule.ts';
import { outputExfiltration } from './output-exfiltration/rule.ts';
import { packageInstall } from './package-install/rule.ts';
import { pasteHost } from './paste-host/rule.ts';
import { pasteHostMention } from './paste-host-mention/rule.ts';
import { persistence } from './persistence/rule.ts';
import { processStart } from './process-start/rule.ts';
import { programCommand } from './program-command/rule.ts';
import { protectedCode } from './protected-code/rule.ts';
import { rawAddress } from './raw-address/rule.ts';
import { rawAddressMention } from './raw-address-mention/rule.ts';
import { recording } from './recording/rule.ts';
import { recordingExfiltration } from './recording-exfiltration/rule.ts';
import { reverseShell } from './reverse-shell/rule.ts';
import type { Rule } from './rule.ts';
import { secretStore } from './secret-store/rule.ts';
import { startupCode } from './startup-code/rule.ts';
import { tunnelHost } from './tunnel-host/rule.ts';
import { tunnelHostMention } from './tunnel-host-mention/rule.ts';
import { unparsableCode } from './unparsable-code/rule.ts';
import { variableExfiltration } from './variable-exfiltration/rule.ts';
import { webhook } from './webhook/rule.ts';
import { webhookMention } from './webhook-mention/rule.ts';
import { writtenCode } from './written-code/rule.ts';

/** Every rule, in the order of their ids. */
export const ALL_RULES: readonly Rule[] = [
  addressService,
  antiAnalysis,
  argumentExfiltration,
  bidirectionalText,
  blobBesideExecution,
  callbackCatcher,
  callbackCatcherMention,
  clipboardReplacement,
  constantDecryption,
  credentialExfiltration,
  decodeBesideExecution,
  decodedCommand,
  decodedExecution,
  decodedIndicator,
  decodedLiteral,
  decryption,
  destruction,
  downloadAndRun,
  downloadBesideRun,
  downloadToFile,
  downloaderCommand,
  downloaderText,
  droppedProgram,
  environmentExfiltration,
  executableUrl,
  executableUrlMention,
  fileExfiltration,
  foreignHost,
  hiddenCode,
  hiddenCommand,
  hostBesideNetwork,
  hostExfiltration,
  indirectImport,
  layerBehaviour,
  limitReached,
  literalExecution,
  longBlob,
  lookAlikeName,
  mangledNames,
  nativeMemory,
  networkCall,
  networkExecution,
  oddDomain,
  outputExfiltration,
  packageInstall,
  pasteHost,
  pasteHostMention,
  persistence,
  processStart,
  programCommand,
  protectedCode,
  rawAddress,
  rawAddressMention,
  recording,
  recordingExfiltration,
  reverseShell,
  secretStore,
  startupCode,
  tunnelHost,
  tunnelHostMention,
  unparsableCode,
  variableExfiltration,
  webhook,
  webhookMention,
  writtenCode,
];
