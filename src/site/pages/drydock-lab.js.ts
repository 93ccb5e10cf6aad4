/** The script of `<drydock-lab>`, at an address that stays: pages of other sites name it. */
import type { APIRoute } from 'astro';
import script from '../../lab/embed/element.ts?inline-script';

export const GET: APIRoute = () => new Response(script, { headers: { 'Content-Type': 'text/javascript; charset=utf-8' } });
