import { addressService } from './address-service/rule.ts';
import { agentAbuse } from './agent-abuse/rule.ts';
import { antiAnalysis } from './anti-analysis/rule.ts';
import { argumentExfiltration } from './argument-exfiltration/rule.ts';
import { bidirectionalText } from './bidirectional-text/rule.ts';
import { blobBesideExecution } from './blob-beside-execution/rule.ts';
import { callbackCatcher } from './callback-catcher/rule.ts';
import { callbackCatcherMention } from './callback-catcher-mention/rule.ts';
import { clipboardReplacement } from './clipboard-replacement/rule.ts';
import { cloudCredentials } from './cloud-credentials/rule.ts';
import { constantDecryption } from './constant-decryption/rule.ts';
import { credentialCommand } from './credential-command/rule.ts';
import { credentialExfiltration } from './credential-exfiltration/rule.ts';
import { dataFileExecution } from './data-file-execution/rule.ts';
import { deadDrop } from './dead-drop/rule.ts';
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
import { encodedCode } from './encoded-code/rule.ts';
import { environmentExfiltration } from './environment-exfiltration/rule.ts';
import { executableUrl } from './executable-url/rule.ts';
import { executableUrlMention } from './executable-url-mention/rule.ts';
import { fileEncryption } from './file-encryption/rule.ts';
import { fileExfiltration } from './file-exfiltration/rule.ts';
import { foreignHost } from './foreign-host/rule.ts';
import { hiddenCode } from './hidden-code/rule.ts';
import { hiddenCommand } from './hidden-command/rule.ts';
import { hostBesideNetwork } from './host-beside-network/rule.ts';
import { hostExfiltration } from './host-exfiltration/rule.ts';
import { indirectImport } from './indirect-import/rule.ts';
import { layerBehaviour } from './layer-behaviour/rule.ts';
import { libraryPatch } from './library-patch/rule.ts';
import { limitReached } from './limit-reached/rule.ts';
import { literalExecution } from './literal-execution/rule.ts';
import { longBlob } from './long-blob/rule.ts';
import { lookAlikeName } from './look-alike-name/rule.ts';
import { mangledNames } from './mangled-names/rule.ts';
import { mining } from './mining/rule.ts';
import { nativeMemory } from './native-memory/rule.ts';
import { networkCall } from './network-call/rule.ts';
import { networkExecution } from './network-execution/rule.ts';
import { oddDomain } from './odd-domain/rule.ts';
import { outputExfiltration } from './output-exfiltration/rule.ts';
import { packageInstall } from './package-install/rule.ts';
import { pasteHost } from './paste-host/rule.ts';
import { pasteHostMention } from './paste-host-mention/rule.ts';
import { persistence } from './persistence/rule.ts';
import { persistentCommand } from './persistent-command/rule.ts';
import { processStart } from './process-start/rule.ts';
import { programCommand } from './program-command/rule.ts';
import { protectedCode } from './protected-code/rule.ts';
import { rawAddress } from './raw-address/rule.ts';
import { rawAddressMention } from './raw-address-mention/rule.ts';
import { recording } from './recording/rule.ts';
import { recordingExfiltration } from './recording-exfiltration/rule.ts';
import { republication } from './republication/rule.ts';
import { reverseShell } from './reverse-shell/rule.ts';
import type { Rule } from './rule.ts';
import { secretArgument } from './secret-argument/rule.ts';
import { secretStore } from './secret-store/rule.ts';
import { secretSweep } from './secret-sweep/rule.ts';
import { secretToStranger } from './secret-to-stranger/rule.ts';
import { secretVariables } from './secret-variables/rule.ts';
import { startupCode } from './startup-code/rule.ts';
import { tunnelHost } from './tunnel-host/rule.ts';
import { tunnelHostMention } from './tunnel-host-mention/rule.ts';
import { unparsableCode } from './unparsable-code/rule.ts';
import { variableExfiltration } from './variable-exfiltration/rule.ts';
import { webPage } from './web-page/rule.ts';
import { webhook } from './webhook/rule.ts';
import { webhookMention } from './webhook-mention/rule.ts';
import { writtenCode } from './written-code/rule.ts';

/** Every rule, in the order of their ids. */
export const ALL_RULES: readonly Rule[] = [
  addressService,
  agentAbuse,
  antiAnalysis,
  argumentExfiltration,
  bidirectionalText,
  blobBesideExecution,
  callbackCatcher,
  callbackCatcherMention,
  clipboardReplacement,
  cloudCredentials,
  constantDecryption,
  credentialCommand,
  credentialExfiltration,
  dataFileExecution,
  deadDrop,
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
  encodedCode,
  environmentExfiltration,
  executableUrl,
  executableUrlMention,
  fileEncryption,
  fileExfiltration,
  foreignHost,
  hiddenCode,
  hiddenCommand,
  hostBesideNetwork,
  hostExfiltration,
  indirectImport,
  layerBehaviour,
  libraryPatch,
  limitReached,
  literalExecution,
  longBlob,
  lookAlikeName,
  mangledNames,
  mining,
  nativeMemory,
  networkCall,
  networkExecution,
  oddDomain,
  outputExfiltration,
  packageInstall,
  pasteHost,
  pasteHostMention,
  persistence,
  persistentCommand,
  processStart,
  programCommand,
  protectedCode,
  rawAddress,
  rawAddressMention,
  recording,
  recordingExfiltration,
  republication,
  reverseShell,
  secretArgument,
  secretStore,
  secretSweep,
  secretToStranger,
  secretVariables,
  startupCode,
  tunnelHost,
  tunnelHostMention,
  unparsableCode,
  variableExfiltration,
  webPage,
  webhook,
  webhookMention,
  writtenCode,
];
