/** What a request to the Engine API is for, in a few words: the inspector says it beside the path. */
import type { Localized } from '../../../shared/locale.ts';

const id = '[^/]+';

/** In this order the first that fits counts. */
const endpoints: readonly [pattern: RegExp, meaning: Localized][] = (
  [
    ['(GET|HEAD) /_ping', 'Is the daemon there, and which API does it speak?', '守护进程在吗？支持哪个版本的 API？'],
    ['GET /version', 'Versions of the engine', '引擎各部分的版本'],
    ['GET /info', 'State and settings of the engine', '引擎的状态和配置'],
    ['GET /events', 'Tell me of everything that happens from now on', '把此后发生的一切告诉我'],
    ['GET /system/df', 'What takes up how much room', '各类对象占用的磁盘空间'],
    ['GET /plugins', 'List the engine’s plugins', '列出引擎的插件'],
    ['POST /auth', 'Is this login right?', '验证登录信息'],
    ['GET /containers/json', 'List containers', '列出容器'],
    ['POST /containers/create', 'Create a container, not yet started', '创建容器（尚未启动）'],
    ['POST /containers/prune', 'Remove every stopped container', '删除所有已停止的容器'],
    [`GET /containers/${id}/json`, 'All about one container', '一个容器的全部信息'],
    [`POST /containers/${id}/start`, 'Start the container’s program', '启动容器里的程序'],
    [`POST /containers/${id}/stop`, 'Ask the program to end, and insist after a while', '请求程序结束，超时则强制结束'],
    [`POST /containers/${id}/restart`, 'Stop and start again', '停止后重新启动'],
    [`POST /containers/${id}/kill`, 'Send a signal', '发送信号'],
    [`POST /containers/${id}/(un)?pause`, 'Freeze or thaw all its processes', '冻结或恢复容器里的所有进程'],
    [`POST /containers/${id}/wait`, 'Tell me when it has ended, and with which code', '等它结束，并告知退出码'],
    [`POST /containers/${id}/attach`, 'Connect me to its input and output', '接上它的输入和输出'],
    [`POST /containers/${id}/resize`, 'The terminal has another size', '终端大小变了'],
    [`POST /containers/${id}/rename`, 'Give it another name', '改名'],
    [`POST /containers/${id}/update`, 'Change its limits', '修改它的资源限制'],
    [`GET /containers/${id}/logs`, 'What did it print?', '它打印过什么？'],
    [`GET /containers/${id}/stats`, 'What does it use?', '它用了多少资源？'],
    [`GET /containers/${id}/top`, 'Which processes run in it?', '里面有哪些进程？'],
    [`GET /containers/${id}/changes`, 'Which files differ from the image?', '哪些文件与镜像不同？'],
    [`GET /containers/${id}/export`, 'All its files as an archive', '把它的全部文件打包'],
    [`(GET|HEAD) /containers/${id}/archive`, 'Copy files out of it', '从容器中复制文件'],
    [`PUT /containers/${id}/archive`, 'Copy files into it', '把文件复制进容器'],
    [`POST /containers/${id}/exec`, 'Prepare another command in it', '准备在其中再运行一条命令'],
    [`DELETE /containers/${id}`, 'Remove the container', '删除容器'],
    [`POST /exec/${id}/start`, 'Run the prepared command', '运行准备好的命令'],
    [`GET /exec/${id}/json`, 'How did the command end?', '那条命令结束得怎样？'],
    [`POST /exec/${id}/resize`, 'The terminal has another size', '终端大小变了'],
    ['GET /images/json', 'List images', '列出镜像'],
    ['GET /images/search', 'Search the registry for images', '在镜像仓库中搜索镜像'],
    ['POST /images/create', 'Fetch an image from a registry, or import one', '从镜像仓库拉取或导入镜像'],
    ['POST /images/load', 'Read images from an archive', '从归档文件载入镜像'],
    ['GET /images/get', 'Images as an archive', '把镜像打包'],
    ['GET /images/.+/get', 'An image as an archive', '把镜像打包'],
    ['GET /images/.+/json', 'All about one image', '一个镜像的全部信息'],
    ['GET /images/.+/history', 'From which instructions did its layers come?', '各层来自哪些指令？'],
    ['POST /images/.+/tag', 'Give it another name', '再打一个标签'],
    ['POST /images/.+/push', 'Send it to a registry', '推送到镜像仓库'],
    ['POST /images/prune', 'Remove images that nobody uses', '删除无用的镜像'],
    ['DELETE /images/.+', 'Remove a name, and the image with its last one', '删除标签，最后一个标签删除时连同镜像'],
    ['GET /distribution/.+/json', 'Which digest and platforms has the image in its registry?', '查询镜像在仓库中的摘要和平台'],
    ['POST /commit', 'Make an image of a container', '由容器生成镜像'],
    ['POST /build', 'Build an image', '构建镜像'],
    ['POST /build/prune', 'Empty the builder’s cache', '清理构建缓存'],
    ['POST /session', 'A connection for the builder', '供构建器使用的连接'],
    ['GET /networks', 'List networks', '列出网络'],
    ['POST /networks/create', 'Create a network', '创建网络'],
    ['POST /networks/prune', 'Remove networks that no container uses', '删除没有容器使用的网络'],
    [`POST /networks/${id}/connect`, 'Plug a container in', '把容器接入网络'],
    [`POST /networks/${id}/disconnect`, 'Unplug a container', '把容器从网络断开'],
    [`GET /networks/${id}`, 'All about one network', '一个网络的全部信息'],
    [`DELETE /networks/${id}`, 'Remove the network', '删除网络'],
    ['GET /volumes', 'List volumes', '列出数据卷'],
    ['POST /volumes/create', 'Create a volume', '创建数据卷'],
    ['POST /volumes/prune', 'Remove volumes that no container uses', '删除没有容器使用的数据卷'],
    [`GET /volumes/${id}`, 'All about one volume', '一个数据卷的全部信息'],
    [`DELETE /volumes/${id}`, 'Remove the volume', '删除数据卷'],
    ['POST /swarm/init', 'Make this engine the first of a swarm', '把本引擎初始化为集群的第一个节点'],
    ['POST /swarm/join', 'Join a swarm', '加入集群'],
    ['GET /services', 'List services', '列出服务'],
    ['POST /services/create', 'Create a service', '创建服务'],
    ['GET /tasks', 'List the tasks of services', '列出服务的任务'],
    ['GET /nodes', 'List the nodes of the swarm', '列出集群节点'],
  ] as const
).map(([pattern, en, chinese]) => [new RegExp(`^${pattern}$`), { en, 'zh-cn': chinese }]);

/** The meaning of a request; undefined for one that is not listed. @param path with version and query as sent */
export function meaningOf(method: string, path: string): Localized | undefined {
  const short = requestInShort({ method, path });
  return endpoints.find(([pattern]) => pattern.test(short))?.[1];
}

/** A request without version and query, such as `GET /containers/json`. */
export function requestInShort({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace(/\?.*$/, '').replace(/^\/v\d+\.\d+(?=\/)/, '')}`;
}
