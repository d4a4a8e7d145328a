/** What a call outside the package does, as far as the analysis cares. */
export type Role =
  | 'network'
  | 'resolve'
  | 'execute'
  | 'compile'
  | 'deserialise'
  | 'load-module'
  | 'process'
  | 'install-package'
  | 'open'
  | 'write'
  | 'copy'
  | 'delete'
  | 'permit'
  | 'unpack'
  | 'decode'
  | 'decrypt'
  | 'unprotect'
  | 'load-native'
  | 'native-memory'
  | 'registry-write'
  | 'duplicate-descriptor'
  | 'clipboard-read'
  | 'clipboard-write'
  | 'record'
  | 'debugger-check'
  | 'cookie-read'
  | 'read-media'
  | 'patch'
  | 'encrypt'
  | 'browse'
  | 'load-file'
  | 'import'
  | 'host'
  | 'environment-read'
  | 'environment-write'
  | 'callback'
  | 'setup';

const EXACT: ReadonlyMap<string, Role> = new Map(
  Object.entries({
    execute:
      'builtins.exec builtins.eval builtins.execfile types.FunctionType code.InteractiveInterpreter().runcode code.InteractiveInterpreter().runsource code.InteractiveConsole().push runpy.run_path timeit.timeit timeit.Timer cProfile.run profile.run',
    compile: 'builtins.compile types.CodeType code.compile_command codeop.compile_command ast.parse',
    deserialise:
      'marshal.loads marshal.load pickle.loads pickle.load pickle.Unpickler().load dill.loads dill.load cloudpickle.loads cloudpickle.load _pickle.loads cPickle.loads cPickle.load joblib.load shelve.open',
    'load-module':
      'imp.load_source imp.load_module importlib.machinery.SourceFileLoader().load_module importlib.machinery.SourceFileLoader().exec_module importlib.util.module_from_spec runpy.run_module',
    process:
      'os.system os.popen os.popen2 os.popen3 os.popen4 os.startfile os.posix_spawn os.posix_spawnp os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe subprocess.Popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.getoutput subprocess.getstatusoutput commands.getoutput commands.getstatusoutput pty.spawn asyncio.create_subprocess_shell asyncio.create_subprocess_exec win32api.ShellExecute win32process.CreateProcess psutil.Popen distutils.spawn.spawn platform.popen pexpect.spawn pexpect.run invoke.run sh.bash sh.sh delegator.run builtins.object.__subclasses__()',
    'install-package':
      'pip.main pip._internal.main pip._internal.cli.main.main pip._internal.main.main setuptools.command.easy_install.main ensurepip.bootstrap',
    open: 'builtins.open io.open codecs.open builtins.file os.open os.fdopen tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.SpooledTemporaryFile aiofiles.open gzip.open bz2.open lzma.open',
    copy: 'shutil.copy shutil.copyfile shutil.copy2 shutil.copytree shutil.move os.rename os.replace shutil.copyfileobj os.link os.symlink',
    write: 'os.write shutil.make_archive',
    delete: 'os.remove os.unlink os.rmdir os.removedirs shutil.rmtree send2trash.send2trash',
    permit: 'os.chmod',
    unpack:
      'zipfile.ZipFile().extractall zipfile.ZipFile().extract tarfile.open().extractall tarfile.open().extract tarfile.TarFile().extractall shutil.unpack_archive patoolib.extract_archive',
    decrypt:
      'cryptography.fernet.Fernet().decrypt fernet.Fernet().decrypt rsa.decrypt win32crypt.CryptUnprotectData pyaes.AESModeOfOperationCTR().decrypt pyaes.AESModeOfOperationCBC().decrypt pyaes.AESModeOfOperationECB().decrypt pyaes.AESModeOfOperationOFB().decrypt pyaes.AESModeOfOperationCFB().decrypt pyaes.Decrypter().feed nacl.secret.SecretBox().decrypt simplecrypt.decrypt cryptocode.decrypt',
    'load-native':
      'ctypes.CDLL ctypes.WinDLL ctypes.OleDLL ctypes.PyDLL ctypes.cdll.LoadLibrary ctypes.windll.LoadLibrary cffi.FFI().dlopen',
    'native-memory': 'mmap.mmap ctypes.memmove ctypes.CFUNCTYPE',
    'registry-write':
      'winreg.SetValueEx winreg.SetValue winreg.CreateKey winreg.CreateKeyEx _winreg.SetValueEx _winreg.SetValue',
    'duplicate-descriptor': 'os.dup2',
    'clipboard-read':
      'pyperclip.paste win32clipboard.GetClipboardData PIL.ImageGrab.grabclipboard clipboard.paste pandas.read_clipboard tkinter.Tk().clipboard_get xerox.paste',
    'clipboard-write':
      'pyperclip.copy win32clipboard.SetClipboardText win32clipboard.SetClipboardData clipboard.copy xerox.copy',
    record:
      'PIL.ImageGrab.grab ImageGrab.grab pyautogui.screenshot mss.mss().shot mss.mss().grab pyscreenshot.grab pynput.keyboard.Listener pynput.mouse.Listener keyboard.on_press keyboard.on_release keyboard.hook keyboard.record cv2.VideoCapture sounddevice.rec pyaudio.PyAudio().open pyHook.HookManager',
    'debugger-check':
      'sys.gettrace ctypes.windll.kernel32.IsDebuggerPresent ctypes.windll.kernel32.CheckRemoteDebuggerPresent',
    import: 'builtins.__import__ importlib.import_module importlib.__import__ imp.load_dynamic',
    host: 'socket.gethostname socket.getfqdn getpass.getuser os.getlogin os.uname os.getcwd os.getcwdb uuid.getnode uuid.UUID pwd.getpwuid pwd.getpwnam platform.node platform.system platform.platform platform.uname platform.release platform.version platform.machine platform.processor platform.architecture platform.win32_ver platform.mac_ver psutil.virtual_memory psutil.cpu_count psutil.disk_partitions psutil.net_if_addrs psutil.process_iter psutil.users GPUtil.getGPUs wmi.WMI netifaces.interfaces netifaces.ifaddresses locale.getdefaultlocale os.listdir os.walk os.scandir glob.glob socket.gethostbyname_ex',
    'environment-read':
      'os.getenv os.getenvb os.environ.get os.environ.pop os.environ.setdefault os.environb.get dotenv.dotenv_values environ.Env',
    'environment-write': 'os.putenv os.environ.update os.unsetenv',
    callback:
      'threading.Thread threading.Timer multiprocessing.Process atexit.register concurrent.futures.ThreadPoolExecutor().submit concurrent.futures.ProcessPoolExecutor().submit concurrent.futures.ThreadPoolExecutor().map multiprocessing.Pool().map multiprocessing.Pool().apply_async _thread.start_new_thread thread.start_new_thread builtins.map builtins.filter asyncio.get_event_loop().run_in_executor signal.signal sys.settrace threading.settrace schedule.every().do builtins.sorted asyncio.to_thread sys.meta_path.append sys.meta_path.insert sys.path_hooks.append sys.path_hooks.insert sys.setprofile threading.setprofile sys.addaudithook os.register_at_fork weakref.finalize gc.callbacks.append contextlib.ExitStack().callback itertools.starmap multiprocessing.get_context().Process multiprocessing.Pool().apply multiprocessing.Pool().imap multiprocessing.Pool().imap_unordered multiprocessing.Pool().starmap multiprocessing.Pool().map_async multiprocessing.pool.ThreadPool().map multiprocessing.pool.ThreadPool().apply_async multiprocessing.dummy.Pool().map threading._start_new_thread concurrent.futures.ProcessPoolExecutor().map',
    setup: 'setuptools.setup distutils.core.setup distutils.setup skbuild.setup numpy.distutils.core.setup',
    'load-file':
      'importlib.util.spec_from_file_location importlib.machinery.SourcelessFileLoader importlib.machinery.SourceFileLoader imp.load_compiled zipimport.zipimporter sys.path.insert sys.path.append',
    browse: 'webbrowser.open webbrowser.open_new webbrowser.open_new_tab webbrowser.get().open',
    encrypt:
      'cryptography.fernet.Fernet().encrypt fernet.Fernet().encrypt pyAesCrypt.encryptFile pyAesCrypt.encryptStream pyaes.AESModeOfOperationCTR().encrypt nacl.secret.SecretBox().encrypt',
    'read-media':
      'PIL.Image.open cv2.imread imageio.imread imageio.v2.imread imageio.v3.imread wave.open scipy.io.wavfile.read soundfile.read skimage.io.imread matplotlib.image.imread stegano.lsb.reveal stegano.lsbset.reveal stepic.decode pydub.AudioSegment.from_file pydub.AudioSegment.from_wav exifread.process_file mutagen.File',
    resolve:
      'socket.gethostbyname socket.getaddrinfo dns.resolver.resolve dns.resolver.query dns.resolver.Resolver().resolve dns.resolver.Resolver().query',
    network:
      'urllib.request.urlopen urllib.request.urlretrieve urllib.urlopen urllib.urlretrieve urllib2.urlopen urllib.request.build_opener().open urllib.request.URLopener().retrieve urllib.request.FancyURLopener().retrieve http.client.HTTPSConnection().request http.client.HTTPConnection().request httplib.HTTPSConnection().request httplib.HTTPConnection().request socket.create_connection socket.socket().connect socket.socket().connect_ex socket.socket().sendto smtplib.SMTP smtplib.SMTP_SSL ftplib.FTP ftplib.FTP_TLS paramiko.SSHClient().connect paramiko.Transport websocket.create_connection websocket.WebSocketApp websockets.connect pycurl.Curl().perform wget.download xmlrpc.client.ServerProxy telnetlib.Telnet asyncio.open_connection dhooks.Webhook().send discord_webhook.DiscordWebhook().execute discord.SyncWebhook.from_url().send discord.Webhook.from_url().send discord.Client().run discord.ext.commands.Bot().run telebot.TeleBot().polling telebot.TeleBot().infinity_polling telegram.Bot().send_message yagmail.SMTP().send gdown.download socketio.Client().connect dropbox.Dropbox().files_upload git.Repo.clone_from sendgrid.SendGridAPIClient().send web3.Web3.HTTPProvider web3.HTTPProvider solana.rpc.api.Client solana.rpc.async_api.AsyncClient tronpy.Tron telethon.TelegramClient telethon.sync.TelegramClient pyrogram.Client pymongo.MongoClient redis.Redis redis.StrictRedis psycopg2.connect mysql.connector.connect pymysql.connect gspread.service_account gspread.authorize praw.Reddit tweepy.Client slack_sdk.WebClient().chat_postMessage slack_sdk.WebClient().files_upload paho.mqtt.client.Client().connect pusher.Pusher().trigger',
  }).flatMap(([role, paths]) => paths.split(' ').map((path) => [path, role as Role])),
);

const DECODE =
  /^(base64\.(?:(?:standard_|urlsafe_)?b(?:16|32|32hex|64|85)decode|a85decode|decodebytes|decodestring|z85decode)|binascii\.(?:unhexlify|a2b_\w+)|builtins\.(?:bytes|bytearray)\.fromhex|codecs\.(?:decode|\w{1,30}_decode|get(?:de|en)coder\(\)|lookup\(\)\.(?:de|en)code|getincrementaldecoder\(\)\(\)\.decode)|zlib\.(?:decompress|decompressobj\(\)\.decompress)|gzip\.(?:decompress|GzipFile\(\)\.read)|bz2\.(?:decompress|BZ2Decompressor\(\)\.decompress|BZ2File\(\)\.read)|lzma\.(?:decompress|LZMADecompressor\(\)\.decompress|LZMAFile\(\)\.read)|brotli\.decompress|quopri\.decodestring|base58\.b58decode|pybase64\.b64decode|zstandard\.decompress)$/;
const CLIENT =
  /^(?:requests|httpx|urllib3|aiohttp|cloudscraper|tls_client|curl_cffi\.requests|httplib2|grequests|niquests|treq|asks|mechanize|pip\._vendor\.requests|requests_html|primp)\b(?:[\w.]|\(\))*\.(?:get|post|put|patch|delete|head|options|request|send|urlopen|fetch|stream|ws_connect|open)$/;
const NATIVE_MEMORY =
  /^(?:ctypes|windll)\b.*\.(?:VirtualAlloc|VirtualAllocEx|VirtualProtect|RtlMoveMemory|CreateThread|CreateRemoteThread|WriteProcessMemory|NtUnmapViewOfSection|QueueUserAPC|HeapCreate|EnumSystemLocalesA?)$/;
const ENCRYPT =
  /\.(?:AES|ARC4|DES3?|Blowfish|ChaCha20|Salsa20|PKCS1_OAEP)\.new\(\)\.encrypt(?:_and_digest)?$|\.AES(?:GCM|CCM)?\(\)\.encrypt$|\.encryptor\(\)\.update$/;
const DECRYPT =
  /\.(?:AES|ARC4|DES3?|Blowfish|ChaCha20(?:_Poly1305)?|Salsa20|PKCS1_OAEP)\.new\(\)\.decrypt(?:_and_verify)?$|\.(?:AES(?:GCM|CCM)?|ChaCha20Poly1305)\(\)\.decrypt$|\.decryptor\(\)\.update$/;
const SPAWN_TREE =
  /^(?:ctypes\.windll\.shell32|shell32)\.ShellExecute\w*$|^win32com\.client\.Dispatch\(\)\.(?:Run|ShellExecute)$/;
/** A C library or Windows DLL, however it was opened. */
const LIBRARY_SPAWN =
  /^ctypes\.(?:(?:CDLL|PyDLL|WinDLL|OleDLL)\(\)|(?:cdll|windll|oledll|pydll)(?:\.LoadLibrary\(\)|\.\w+)?|PyDLL)\.(?:_?w?system|popen|_w?popen|exec[vl]\w{0,2}|posix_spawnp?|WinExec|CreateProcess\w?|ShellExecute\w*)$/;
const TELEGRAM = /^(?:telebot\.TeleBot|telepot\.Bot|telegram\.Bot|aiogram\.Bot)\(\)\.(?:send|reply)\w*$/;
const COOKIES = /^(?:browser_cookie3|browsercookie|rookiepy|pycookiecheat)\.\w+$/;

const known = new Map<string, Role | undefined>();

/** The role of the call of `path` (see External), undefined when it has none. */
export function roleOf(path: string): Role | undefined {
  const exact = EXACT.get(path);
  if (exact !== undefined) return exact;
  if (known.has(path)) return known.get(path);
  const role = roleByShape(path);
  if (known.size > 50_000) known.clear();
  known.set(path, role);
  return role;
}

function roleByShape(path: string): Role | undefined {
  if (path.length > 300) return undefined;
  if (CLIENT.test(path)) return 'network';
  if (DECODE.test(path)) return 'decode';
  if (DECRYPT.test(path)) return 'decrypt';
  if (ENCRYPT.test(path)) return 'encrypt';
  if (NATIVE_MEMORY.test(path)) return 'native-memory';
  if (SPAWN_TREE.test(path) || LIBRARY_SPAWN.test(path)) return 'process';
  if (TELEGRAM.test(path)) return 'network';
  if (COOKIES.test(path)) return 'cookie-read';
  return undefined;
}

/** The names with a role that stand directly in a module, in the order of the catalogue. */
export function namesIn(module: string): readonly string[] {
  const prefix = `${module}.`;
  return [...EXACT.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}
