import { testRule } from '../../../../../test/builders/python-package.ts';
import { callbackCatcherMention } from './rule.ts';

testRule(callbackCatcherMention, {
  seen: {
    'a request bin': "X = 'https://x.m.pipedream.net'",
  },
  unseen: {
    'a list of domains':
      "X = ['https://a0.pipedream.net', 'https://a1.pipedream.net', 'https://a2.pipedream.net', 'https://a3.pipedream.net', 'https://a4.pipedream.net', 'https://a5.pipedream.net', 'https://a6.pipedream.net', 'https://a7.pipedream.net', 'https://a8.pipedream.net', 'https://a9.pipedream.net', 'https://a10.pipedream.net', 'https://a11.pipedream.net', 'https://a12.pipedream.net', 'https://a13.pipedream.net', 'https://a14.pipedream.net', 'https://a15.pipedream.net', 'https://a16.pipedream.net', 'https://a17.pipedream.net', 'https://a18.pipedream.net', 'https://a19.pipedream.net', 'https://a20.pipedream.net', 'https://a21.pipedream.net', 'https://a22.pipedream.net', 'https://a23.pipedream.net', 'https://a24.pipedream.net', 'https://a25.pipedream.net', 'https://a26.pipedream.net', 'https://a27.pipedream.net', 'https://a28.pipedream.net', 'https://a29.pipedream.net', 'https://a30.pipedream.net', 'https://a31.pipedream.net', 'https://a32.pipedream.net', 'https://a33.pipedream.net', 'https://a34.pipedream.net', 'https://a35.pipedream.net', 'https://a36.pipedream.net', 'https://a37.pipedream.net', 'https://a38.pipedream.net', 'https://a39.pipedream.net', 'https://a40.pipedream.net', 'https://a41.pipedream.net', 'https://a42.pipedream.net', 'https://a43.pipedream.net', 'https://a44.pipedream.net', 'https://a45.pipedream.net', 'https://a46.pipedream.net', 'https://a47.pipedream.net', 'https://a48.pipedream.net', 'https://a49.pipedream.net', 'https://a50.pipedream.net', 'https://a51.pipedream.net', 'https://a52.pipedream.net', 'https://a53.pipedream.net', 'https://a54.pipedream.net', 'https://a55.pipedream.net', 'https://a56.pipedream.net', 'https://a57.pipedream.net', 'https://a58.pipedream.net', 'https://a59.pipedream.net']",
  },
});
