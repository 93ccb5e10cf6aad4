/** DD51xx: the preview of a service in the machine (`src/lab/preview`). */
import type { ErrorSection } from './entry.ts';

export const previewErrors = {
  'preview-nothing-published': {
    code: 'DD5101',
    params: ['port'],
    title: { en: 'Nothing answers on port {port}', 'zh-cn': '端口 {port} 没有服务' },
    why: {
      en: 'The machine refused the connection: no running container publishes port {port}.',
      'zh-cn': '虚拟机拒绝了连接：没有正在运行的容器发布端口 {port}。',
    },
    action: {
      en: 'Look at the PORTS column of `docker ps`. Publish the port with `-p {port}:80` when you run the container (80 stands for the port that the program listens on), then reload.',
      'zh-cn': '请查看 `docker ps` 的 PORTS 列。运行容器时用 `-p {port}:80` 发布端口（80 换成程序实际监听的端口），然后重新加载。',
    },
  },
  'preview-not-listening': {
    code: 'DD5102',
    params: ['port', 'container', 'inner'],
    title: { en: 'The container does not listen on its port', 'zh-cn': '容器没有监听该端口' },
    why: {
      en: 'Port {port} leads to port {inner} of the container {container}, but nothing there accepts connections: the program is still starting, listens on another port, or only on 127.0.0.1 of the container.',
      'zh-cn': '端口 {port} 指向容器 {container} 的端口 {inner}，但那里没有程序接受连接：程序可能仍在启动、监听的是别的端口，或者只监听容器内的 127.0.0.1。',
    },
    action: {
      en: 'Wait a moment and reload. If it stays, read `docker logs {container}` and compare the port behind the colon of `-p` with the one the program uses.',
      'zh-cn': '请稍等片刻再重新加载。如果问题依旧，请查看 `docker logs {container}`，并核对 `-p` 冒号后面的端口与程序使用的端口是否一致。',
    },
  },
  'preview-container-stopped': {
    code: 'DD5103',
    params: ['port', 'container'],
    title: { en: 'The container behind port {port} has stopped', 'zh-cn': '端口 {port} 背后的容器已停止' },
    why: {
      en: '{container} published this port and does not run any more.',
      'zh-cn': '发布该端口的容器 {container} 已不在运行。',
    },
    action: {
      en: '`docker ps -a` shows how it ended, `docker logs {container}` what it said. If it still exists, start it with `docker start {container}`.',
      'zh-cn': '用 `docker ps -a` 查看退出状态，用 `docker logs {container}` 查看输出。如果容器还在，用 `docker start {container}` 启动它。',
    },
  },
  'preview-loopback-only': {
    code: 'DD5104',
    params: ['port', 'container'],
    title: { en: 'The port is only open inside the machine', 'zh-cn': '该端口只在虚拟机内部开放' },
    why: {
      en: '{container} publishes port {port} on 127.0.0.1 only. The preview comes over the network, like a visitor from another computer, and finds it closed.',
      'zh-cn': '{container} 只在 127.0.0.1 上发布了端口 {port}。预览像另一台计算机一样经由网络访问，因此无法连接。',
    },
    action: {
      en: 'Inside the machine `curl http://127.0.0.1:{port}/` works. To see it here, publish it with `-p {port}:…`, without the address.',
      'zh-cn': '在虚拟机里可以用 `curl http://127.0.0.1:{port}/` 访问。要在这里查看，请用不带地址的 `-p {port}:…` 发布。',
    },
  },
  'preview-timed-out': {
    code: 'DD5105',
    params: ['port', 'seconds'],
    title: { en: 'The service takes too long', 'zh-cn': '服务响应超时' },
    why: {
      en: 'What listens on port {port} sent nothing for {seconds} seconds.',
      'zh-cn': '端口 {port} 上的服务在 {seconds} 秒内没有发送任何数据。',
    },
    action: {
      en: 'The machine may be busy, or the program hangs: see `docker logs` and `docker stats`, then reload.',
      'zh-cn': '虚拟机可能正忙，或者程序卡住了：请查看 `docker logs` 和 `docker stats`，然后重新加载。',
    },
  },
  'preview-broke-off': {
    code: 'DD5106',
    params: ['port', 'reason'],
    title: { en: 'The connection broke off', 'zh-cn': '连接中断' },
    why: {
      en: 'What listens on port {port} ended the connection before its answer was complete: {reason}.',
      'zh-cn': '端口 {port} 上的服务在应答完成之前断开了连接：{reason}。',
    },
    action: {
      en: 'Its container may have stopped or restarted: see `docker ps -a` and `docker logs`, then reload.',
      'zh-cn': '容器可能已停止或重启：请查看 `docker ps -a` 和 `docker logs`，然后重新加载。',
    },
  },
  'preview-not-http': {
    code: 'DD5107',
    params: ['port', 'reason'],
    title: { en: 'Port {port} does not speak HTTP', 'zh-cn': '端口 {port} 提供的不是 HTTP 服务' },
    why: { en: 'The answer cannot be read: {reason}.', 'zh-cn': '无法解析应答：{reason}。' },
    action: {
      en: 'The preview shows web pages. A database or another kind of server needs its own client, such as `redis-cli`, in the terminal.',
      'zh-cn': '预览只能显示网页。数据库等其他服务需要在终端中使用各自的客户端，例如 `redis-cli`。',
    },
  },
  'preview-outside': {
    code: 'DD5108',
    params: ['address'],
    title: { en: 'This address is outside of the machine', 'zh-cn': '该地址不在虚拟机上' },
    why: {
      en: '{address} is somewhere on the Internet. The preview shows what runs in the machine, which has no Internet.',
      'zh-cn': '{address} 位于互联网上。预览只显示虚拟机里运行的服务，而虚拟机没有接入互联网。',
    },
    action: {
      en: 'Go back, or open a published port such as http://localhost:8080/.',
      'zh-cn': '请返回上一页，或打开已发布的端口，例如 http://localhost:8080/。',
    },
  },
  'preview-no-tls': {
    code: 'DD5109',
    params: ['address'],
    title: { en: 'The preview does not speak HTTPS', 'zh-cn': '预览不支持 HTTPS' },
    why: {
      en: '{address} asks for an encrypted connection, which the preview cannot make.',
      'zh-cn': '{address} 需要加密连接，预览无法建立。',
    },
    action: {
      en: 'Publish the plain port of the service and use http://. In the terminal, `curl -k` speaks HTTPS.',
      'zh-cn': '请发布服务的普通端口并使用 http://。在终端中可以用 `curl -k` 访问 HTTPS。',
    },
  },
  'preview-redirect-loop': {
    code: 'DD5110',
    params: ['address', 'count'],
    title: { en: 'The service sends in circles', 'zh-cn': '服务的重定向次数过多' },
    why: {
      en: '{address} was the last of {count} redirections in a row.',
      'zh-cn': '连续 {count} 次重定向，最后一次指向 {address}。',
    },
    action: {
      en: 'Look at the redirections in the service’s configuration; `curl -sI` shows one at a time.',
      'zh-cn': '请检查服务配置中的重定向规则；用 `curl -sI` 可以逐个查看。',
    },
  },
  'preview-too-large': {
    code: 'DD5111',
    params: ['address', 'limit'],
    title: { en: 'The answer is too large to show', 'zh-cn': '应答过大，无法显示' },
    why: { en: '{address} has more than {limit}.', 'zh-cn': '{address} 超过 {limit}。' },
    action: {
      en: 'Fetch it in the terminal with `curl -O`.',
      'zh-cn': '请在终端中用 `curl -O` 下载。',
    },
  },
  'preview-machine-off': {
    code: 'DD5112',
    params: [],
    title: { en: 'The machine does not run', 'zh-cn': '虚拟机没有运行' },
    why: {
      en: 'The preview shows services of the machine, which is stopped or still starting.',
      'zh-cn': '预览显示的是虚拟机里的服务，而虚拟机已停止或仍在启动。',
    },
    action: { en: 'Start the machine, then reload.', 'zh-cn': '请启动虚拟机，然后重新加载。' },
  },
  'preview-left': {
    code: 'DD5113',
    params: ['address'],
    title: { en: 'The page wanted to leave the preview', 'zh-cn': '页面试图离开预览' },
    why: {
      en: 'A script of the page tried to open {address} past the preview; that was stopped.',
      'zh-cn': '页面脚本试图绕过预览打开 {address}，已被阻止。',
    },
    action: {
      en: 'Go back or reload. To open an address of the machine, type it above.',
      'zh-cn': '请返回或重新加载。要打开虚拟机上的地址，请在上方输入。',
    },
  },
  'preview-lab-gone': {
    code: 'DD5114',
    params: [],
    title: { en: 'The lab of this preview is gone', 'zh-cn': '此预览对应的实验页面已关闭' },
    why: {
      en: 'This window shows services of a machine that runs in the lab’s page, and that page was closed, left or reloaded.',
      'zh-cn': '此窗口显示实验页面中虚拟机的服务，而该页面已被关闭、离开或重新加载。',
    },
    action: {
      en: 'Open the preview again from the lab, with the button “Open in a new window”.',
      'zh-cn': '请在实验页面中点击“在新窗口中打开”重新打开预览。',
    },
  },
  'preview-bad-address': {
    code: 'DD5115',
    params: ['address'],
    title: { en: 'This is no address', 'zh-cn': '地址无效' },
    why: { en: '“{address}” cannot be read as an address.', 'zh-cn': '无法将“{address}”识别为地址。' },
    action: {
      en: 'Type a port such as 8080, or an address such as http://localhost:8080/.',
      'zh-cn': '请输入端口（例如 8080）或地址（例如 http://localhost:8080/）。',
    },
  },
  'preview-connections-taken': {
    code: 'DD5116',
    params: ['port', 'count', 'seconds'],
    title: { en: 'All connections to port {port} are taken', 'zh-cn': '端口 {port} 的连接已全部占用' },
    why: {
      en: 'As browsers do, the preview has {count} requests under way at one port at most, and none of them ended for {seconds} seconds: event streams or downloads, perhaps those of another preview of this port.',
      'zh-cn': '与浏览器一样，预览对同一端口最多同时处理 {count} 个请求，而这些请求在 {seconds} 秒内没有一个结束：可能是事件流或下载，也可能来自此端口的另一个预览。',
    },
    action: {
      en: 'Close other previews of this port and reload the page, which ends its own requests. A page with several event streams does better with one, or with a WebSocket.',
      'zh-cn': '请关闭此端口的其他预览，然后重新加载页面，页面自己的请求会随之结束。使用多个事件流的页面，最好合并为一个，或改用 WebSocket。',
    },
  },
} as const satisfies ErrorSection;
