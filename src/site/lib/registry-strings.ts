/** What the registry's page says, in both languages; only that page needs it. */
import type { Locale } from '../../shared/locale.ts';

const en = {
  summary: '{repositories} repositories, {images} images. Every layer is stored once: {bytes} MB together; without sharing it would be {unshared} MB.',
  shared: 'Layers in several images',
  sharedNote: 'Whoever has one of these images already downloads only the rest of another.',
  repositories: 'Repositories',
  layer: 'Layer',
  madeBy: 'What it is',
  size: 'Size',
  usedBy: 'Used by',
  images: '{count} images: {names}',
  tags: 'Tags',
  download: 'Download',
  unpacked: 'Unpacked',
  layers: 'Layers, from the base up',
  sharedLayer: 'shared',
  tableOf: 'Images of {name}',
  megabytes: '{megabytes} MB',
  kilobytes: '{kilobytes} kB',
};

export type RegistryStrings = { readonly [Key in keyof typeof en]: string };

const zhCn: RegistryStrings = {
  summary: '共 {repositories} 个仓库、{images} 个镜像。每个层只存一份，合计 {bytes} MB；如果不共享层，则需要 {unshared} MB。',
  shared: '多个镜像共用的层',
  sharedNote: '只要已有其中一个镜像，拉取另一个时就只需下载其余的层。',
  repositories: '仓库',
  layer: '层',
  madeBy: '内容',
  size: '大小',
  usedBy: '使用者',
  images: '{count} 个镜像：{names}',
  tags: '标签',
  download: '下载大小',
  unpacked: '解压后',
  layers: '层（自下而上）',
  sharedLayer: '共用',
  tableOf: '{name} 的镜像',
  megabytes: '{megabytes} MB',
  kilobytes: '{kilobytes} kB',
};

export const registryStrings: Readonly<Record<Locale, RegistryStrings>> = { en, 'zh-cn': zhCn };
