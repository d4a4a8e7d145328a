/** What pip 23 sends, but for Accept-Encoding: every server shall send the same bytes. */
export const PIP_HEADERS: Readonly<Record<string, string>> = {
  accept: 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01',
  'cache-control': 'max-age=0',
  'user-agent':
    'pip/23.2.1 {"ci":null,"cpu":"x86_64","distro":{"id":"bookworm","libc":{"lib":"glibc","version":"2.36"},"name":"Debian GNU/Linux","version":"12"},"implementation":{"name":"CPython","version":"3.11.7"},"installer":{"name":"pip","version":"23.2.1"},"openssl_version":"OpenSSL 3.0.11 19 Sep 2023","python":"3.11.7","setuptools_version":"65.5.1","system":{"name":"Linux","release":"6.1.0"}}',
};
