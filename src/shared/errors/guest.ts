/** DD2xxx: the link to the guest, its channels and files (`src/guest`). */
import type { ErrorSection } from './entry.ts';

export const guestErrors = {
  'link-protocol-error': {
    code: 'DD2001',
    params: ['detail'],
    title: { en: 'The link to the machine is out of step', 'zh-cn': '与虚拟机的连接协议出错' },
    why: { en: 'Bytes arrived that the protocol forbids: {detail}.', 'zh-cn': '收到了不符合协议的数据：{detail}。' },
    action: {
      en: 'Press Retry: files, images and containers stay, programs in the terminals end. If it happens again, report it with the code.',
      'zh-cn': '请点击“重试”：文件、镜像和容器都会保留，终端中的程序会结束。如果再次出现，请附上错误代码反馈给我们。',
    },
  },
  'guest-agent-missing': {
    code: 'DD2002',
    params: ['seconds'],
    title: { en: 'The machine does not pick up', 'zh-cn': '虚拟机内的代理程序没有应答' },
    why: {
      en: 'The agent inside it (drydock-agent) did not answer within {seconds} seconds.',
      'zh-cn': '虚拟机内的代理程序（drydock-agent）在 {seconds} 秒内没有应答。',
    },
    action: {
      en: 'Wait a moment and press Retry, by which nothing is lost. Only if you stopped drydock-agent, press Reset.',
      'zh-cn': '请稍候再点击“重试”，这不会丢失任何内容。只有在您停止了 drydock-agent 时，才需要点击“重置”。',
    },
  },
  'guest-agent-version': {
    code: 'DD2003',
    params: ['expected', 'actual'],
    title: { en: 'Page and machine do not match', 'zh-cn': '页面与虚拟机版本不匹配' },
    why: {
      en: 'The page speaks version {expected} of the link protocol, the machine version {actual}.',
      'zh-cn': '页面使用第 {expected} 版链路协议，虚拟机使用第 {actual} 版。',
    },
    action: {
      en: 'Reload the page without its cache. If you run this site yourself, build image and site again from the same commit.',
      'zh-cn': '请不使用缓存重新加载页面。如果站点是您自己运行的，请用同一次提交重新构建镜像和站点。',
    },
  },
  'channel-refused': {
    code: 'DD2004',
    params: ['what', 'errno', 'message'],
    title: { en: 'The machine refused', 'zh-cn': '虚拟机拒绝了请求' },
    why: { en: '{what}: {message} ({errno}).', 'zh-cn': '{what}：{message}（{errno}）。' },
    action: {
      en: 'Check that the file or command exists and that you may use it, then try again.',
      'zh-cn': '请确认该文件或命令存在且您有权使用，然后重试。',
    },
  },
  'channels-exhausted': {
    code: 'DD2005',
    params: ['limit'],
    title: { en: 'Too much is open at once', 'zh-cn': '同时打开的通道过多' },
    why: {
      en: 'All {limit} channels to the machine are in use.',
      'zh-cn': '到虚拟机的 {limit} 个通道已全部占用。',
    },
    action: { en: 'Close a few terminals and try again.', 'zh-cn': '请关闭几个终端后再试。' },
  },
  'channel-closed': {
    code: 'DD2006',
    params: ['what'],
    title: { en: 'The connection was already closed', 'zh-cn': '连接已经关闭' },
    why: { en: '{what} had ended before everything was sent.', 'zh-cn': '{what} 在数据发送完之前已经结束。' },
    action: { en: 'Try again.', 'zh-cn': '请再试一次。' },
  },
  'command-timed-out': {
    code: 'DD2007',
    params: ['command', 'seconds'],
    title: { en: 'A command took too long', 'zh-cn': '命令执行超时' },
    why: {
      en: '{command} was given {seconds} seconds and then ended.',
      'zh-cn': '{command} 在 {seconds} 秒内没有完成，已被终止。',
    },
    action: {
      en: 'The machine may be busy: let running commands finish, then try again.',
      'zh-cn': '虚拟机可能正忙：请等正在执行的命令结束后再试。',
    },
  },
  'command-failed': {
    code: 'DD2008',
    params: ['command', 'exitCode', 'output'],
    title: { en: 'A command failed', 'zh-cn': '命令执行失败' },
    why: {
      en: '{command} ended with exit code {exitCode}: {output}',
      'zh-cn': '{command} 的退出码为 {exitCode}：{output}',
    },
    action: {
      en: 'Read what it printed, mend the cause and try again.',
      'zh-cn': '请查看其输出，排除原因后再试。',
    },
  },
  'output-too-large': {
    code: 'DD2009',
    params: ['what', 'limitBytes'],
    title: { en: 'Too much data', 'zh-cn': '数据量过大' },
    why: {
      en: '{what} has more than the {limitBytes} bytes that are read here.',
      'zh-cn': '{what} 超过了此处允许读取的 {limitBytes} 字节。',
    },
    action: { en: 'Look at it in a terminal instead.', 'zh-cn': '请改在终端中查看。' },
  },
  'file-operation-failed': {
    code: 'DD2010',
    params: ['what', 'errno'],
    title: { en: 'A file could not be used', 'zh-cn': '文件操作失败' },
    why: { en: '{what} failed in the machine: {errno}.', 'zh-cn': '{what} 在虚拟机中失败：{errno}。' },
    action: {
      en: 'Check its permissions and the free space (`ls -l`, `df -h`), then try again.',
      'zh-cn': '请检查权限和剩余空间（`ls -l`、`df -h`），然后重试。',
    },
  },
  'operation-cancelled': {
    code: 'DD2011',
    params: ['what'],
    title: { en: 'Cancelled', 'zh-cn': '已取消' },
    why: { en: '{what} was cancelled before it ended.', 'zh-cn': '{what} 在完成之前被取消。' },
    action: { en: 'Nothing needs to be done.', 'zh-cn': '无需任何操作。' },
  },
  'link-closed': {
    code: 'DD2012',
    params: ['what', 'reason'],
    title: { en: 'The machine went away', 'zh-cn': '与虚拟机的连接已断开' },
    why: {
      en: '{what} could not go on, the link was closed: {reason}.',
      'zh-cn': '{what} 无法继续，连接已关闭：{reason}。',
    },
    action: { en: 'Try again. If the machine is not running, start it first.', 'zh-cn': '请重试。如果虚拟机没有在运行，请先启动它。' },
  },
  'guest-request-invalid': {
    code: 'DD2013',
    params: ['what', 'reason'],
    title: { en: 'The request cannot be sent', 'zh-cn': '请求无法发送' },
    why: { en: '{what}: {reason}.', 'zh-cn': '{what}：{reason}。' },
    action: { en: 'Use shorter names or fewer arguments.', 'zh-cn': '请使用更短的名称或更少的参数。' },
  },
  'guest-restarted': {
    code: 'DD2014',
    params: [],
    title: { en: 'The machine was restarted', 'zh-cn': '虚拟机重新启动了' },
    why: {
      en: 'The programs in it have ended and begun again, and with them what was under way.',
      'zh-cn': '其中的程序都已结束并重新开始，正在进行的操作也随之中断。',
    },
    action: { en: 'Wait until it runs, then try again.', 'zh-cn': '请等它恢复运行后再试。' },
  },
  'restart-refused': {
    code: 'DD2015',
    params: ['reason'],
    title: { en: 'The machine could not be restarted', 'zh-cn': '虚拟机无法重新启动' },
    why: { en: 'systemd did not begin: {reason}.', 'zh-cn': 'systemd 没有开始重启：{reason}。' },
    action: {
      en: 'Nothing was changed. Try again, or press Reset.',
      'zh-cn': '没有任何改动。请重试，或点击“重置”。',
    },
  },
} as const satisfies ErrorSection;
