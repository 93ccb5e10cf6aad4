/**
 * What the terminal says when the network does not reach something, and what it means here: the machine has a network
 * without an Internet behind it. The messages are those of curl, of Go's programs such as dockerd, and of registries.
 */
import type { Localized } from '../shared/locale.ts';

export interface NetworkMessage {
  /** The part that does not change. Several programs may say the same in other words. */
  readonly messages: readonly string[];
  readonly meaning: Localized;
}

export const networkMessages: readonly NetworkMessage[] = [
  {
    messages: ['Could not resolve host', 'no such host', 'Temporary failure in name resolution'],
    meaning: {
      en: 'Nobody has this name. The machine has no Internet: it knows the registries of this page, its own containers on networks of yours, and what stands in /etc/hosts. If the name should exist, look for a typing error.',
      'zh-cn': '没有主机叫这个名字。虚拟机没有互联网：它只认识本页面的镜像仓库、您自建网络里的容器，以及 /etc/hosts 里写的名字。如果这个名字应该存在，请检查有没有拼错。',
    },
  },
  {
    messages: ['Network is unreachable', 'No route to host'],
    meaning: {
      en: 'The address leads nowhere. Addresses of the Internet do not exist here; within the machine, the container behind the address may be gone or on another network.',
      'zh-cn': '这个地址不通往任何地方。互联网上的地址在这里不存在；如果是虚拟机内部的地址，可能容器已经没了，或者在另一个网络里。',
    },
  },
  {
    messages: ['Connection refused'],
    meaning: {
      en: 'The host is there, but nothing listens on that port: the service has not started yet, has ended, listens on another port, or its port was not published with -p.',
      'zh-cn': '主机在，但那个端口上没有程序监听：服务还没启动、已经退出、监听的是别的端口，或者没有用 -p 发布端口。',
    },
  },
  {
    messages: ['Failed to connect to … Could not connect to server'],
    meaning: {
      en: 'curl says this of both: the address leads nowhere, or nothing listens on that port.',
      'zh-cn': '两种情况 curl 都这么说：地址不通往任何地方，或者那个端口上没有程序监听。',
    },
  },
  {
    messages: ['Client.Timeout exceeded while awaiting headers', 'i/o timeout', 'context deadline exceeded'],
    meaning: {
      en: 'The daemon got no answer in time. On a busy computer its first encrypted connection may take longer than the 15 seconds it grants: run the command again.',
      'zh-cn': '守护进程没有及时得到应答。电脑繁忙时，它的第一次加密连接可能超过它允许的 15 秒：请把命令再运行一次。',
    },
  },
  {
    messages: ['pull access denied … repository does not exist or may require ‘docker login’'],
    meaning: {
      en: 'The registry knows no such repository, or does not tell strangers. Mostly the name is misspelt, or one of your own registry lacks its host in front. The list of images shows what is here.',
      'zh-cn': '镜像仓库里没有这个仓库，或者它不告诉外人。多半是名字拼错了，或者自己镜像仓库的名字前面没有写主机。“公共镜像仓库里的镜像”页面列出了这里有什么。',
    },
  },
  {
    messages: ['manifest unknown', 'manifest for … not found'],
    meaning: {
      en: 'The repository exists, this tag does not.',
      'zh-cn': '仓库存在，但没有这个标签。',
    },
  },
  {
    messages: ['filesystem layer verification failed for digest'],
    meaning: {
      en: 'What arrived is not what the digest promises: a layer was damaged or changed on its way. The engine throws it away, and nothing of it is used. Pull again; if it stays so, the copy on the server is broken.',
      'zh-cn': '收到的内容与摘要不符：层在途中损坏或者被改动了。引擎会丢弃它，不会使用其中任何内容。请重新拉取；如果仍然如此，就是服务器上的那一份坏了。',
    },
  },
  {
    messages: ['no space left on device'],
    meaning: {
      en: 'The disk of the machine is full. docker system df says what takes the room; docker image prune and docker volume prune give some back.',
      'zh-cn': '虚拟机的磁盘满了。docker system df 会告诉您空间被什么占用，docker image prune 和 docker volume prune 可以腾出一些。',
    },
  },
  {
    messages: ['server gave HTTP response to HTTPS client'],
    meaning: {
      en: 'The registry speaks plain http, and the daemon wants TLS. Only for addresses beginning with 127. it makes an exception. Give the registry a certificate, or add it to insecure-registries.',
      'zh-cn': '镜像仓库用的是明文 http，而守护进程要求 TLS。它只对 127. 开头的地址破例。请给镜像仓库配上证书，或者把它加入 insecure-registries。',
    },
  },
  {
    messages: ['x509: certificate signed by unknown authority'],
    meaning: {
      en: 'The connection is encrypted, but nobody whom the daemon trusts vouches for the other side. Put its certificate into /etc/docker/certs.d/HOST:PORT/ca.crt.',
      'zh-cn': '连接是加密的，但守护进程信任的人里没有谁为对方作保。请把它的证书放到 /etc/docker/certs.d/主机:端口/ca.crt。',
    },
  },
  {
    messages: ['no basic auth credentials', 'unauthorized: …', '401 Unauthorized'],
    meaning: {
      en: 'The registry wants a user name and password, or these are wrong: docker login, with its address. Docker Hub’s stand-in here has no accounts, so every password is wrong there.',
      'zh-cn': '镜像仓库要用户名和密码，或者给的不对：请用 docker login 加上它的地址登录。这里代替 Docker Hub 的服务没有账户，任何密码都不对。',
    },
  },
];
