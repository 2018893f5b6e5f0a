'use strict';
const log = JSON.parse(document.getElementById('har').textContent).log;
const entries = log.entries.map(entry => ({...entry, from: Date.parse(entry.startedDateTime)}));
const begin = Math.min(...entries.map(entry => entry.from));
const length = Math.max(1, ...entries.map(entry => entry.from + entry.time - begin));

// what a server sent may hold characters that break a line or turn it around: they are shown by their numbers
function visible(text) {
    return String(text).replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
        each => each === '\n' || each === '\t' ? each : '\\u' + each.charCodeAt(0).toString(16).padStart(4, '0'));
}

function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'function') {
            element.addEventListener(name, value);
        } else {
            element.setAttribute(name, visible(value));
        }
    }
    element.append(...children.map(each => each instanceof Node ? each : visible(each)));
    return element;
}

function size(bytes) {
    if (!(bytes >= 0)) {
        return 'no size';
    }
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    for (; bytes >= 999.95 && unit < 4; unit++) {
        bytes /= 1000;
    }
    return (unit === 0 ? bytes : bytes.toFixed(1)) + ' ' + units[unit];
}

function time(millis) {
    return millis >= 10000 ? (millis / 1000).toFixed(1) + ' s' : millis >= 1000 ? (millis / 1000).toFixed(2) + ' s' : millis >= 10 ? Math.round(millis) + ' ms' : millis.toFixed(1) + ' ms';
}

function header(list, name) {
    const found = list.find(each => each.name.toLowerCase() === name);
    return found ? found.value : '';
}

function received(entry) {
    return Math.max(0, entry.response.bodySize);
}

function status(entry) {
    return entry.response.status === 0 ? 'no answer' : entry.response.status + ' ' + entry.response.statusText;
}

function colour(entry) {
    const code = entry.response.status;
    if (code === 404 && entry._purpose === 'referrers') {
        return 'good'; // nothing refers to the manifest, which is what most images have to say
    }
    return code === 0 || entry._error || code >= 400 && code !== 401 ? 'bad' : code >= 300 ? 'turn' : 'good';
}

function short(digest) {
    return digest.replace(/^.*:/, '').slice(0, 12);
}

// the blob that a request is for, wherever the registry sent us for it
function blobOf(entry) {
    return entry._digest && ['blob', 'blob-upload'].includes(entry._purpose) ? short(entry._digest) : null;
}

function bar(entry, tag, attributes) {
    const element = make(tag, {class: 'bar' + (colour(entry) === 'bad' ? ' failed' : ''), ...attributes});
    element.style.left = 100 * (entry.from - begin) / length + '%';
    element.style.width = 100 * entry.time / length + '%';
    const tls = Math.max(0, entry.timings.ssl);
    const parts = {connect: Math.max(0, entry.timings.connect) - tls, tls, wait: entry.timings.wait, receive: entry.timings.receive};
    for (const [name, millis] of Object.entries(parts)) {
        const part = make('i', {class: name});
        part.style.width = 100 * millis / (entry.time || 1) + '%';
        element.append(part);
    }
    return element;
}

// the sequence

function table(pairs) {
    return make('table', {}, make('tbody', {}, ...pairs.map(([name, value]) => make('tr', {}, make('th', {scope: 'row'}, name), make('td', {}, value)))));
}

function pretty(text) {
    try {
        return JSON.stringify(JSON.parse(text), null, 2);
    } catch (e) {
        return text;
    }
}

function code(text) {
    return make('pre', {tabindex: '0'}, text);
}

function detail(entry) {
    const content = entry.response.content;
    const times = [['connect', entry.timings.connect], ['of which TLS', entry.timings.ssl], ['wait', entry.timings.wait], ['receive', entry.timings.receive]]
        .filter(([name, millis]) => millis >= 0).map(([name, millis]) => name + ' ' + time(millis)).join(', ');
    const element = make('div', {class: 'detail', id: 'detail-' + entry._number}, make('h3', {}, 'The same with curl'), code(entry._curl), make('h3', {}, 'Answer'));
    element.append(table([['status', entry.response.status === 0 ? 'no answer: ' + entry._error : status(entry)], ...(entry.response.status && entry._error ? [['broken', entry._error]] : []), ['came', size(received(entry)) + (entry._whole || !received(entry) ? '' : ', not to its end')],
        ['time', time(entry.time) + ' (' + times + ')'], ...(entry._leadsTo ? [['leads to', entry._leadsTo]] : [])]));
    if (entry.response.headers.length > 0) {
        element.append(make('h3', {}, 'Headers'), table(entry.response.headers.map(each => [each.name, each.value])));
    }
    if (content.text) {
        element.append(make('h3', {}, 'Body'), code(pretty(content.text)));
    }
    return element;
}

function toggle(entry, button, open) {
    const old = document.getElementById('detail-' + entry._number);
    if (open && !old) {
        button.after(detail(entry));
    } else if (!open && old) {
        old.remove();
    }
    button.setAttribute('aria-expanded', String(open));
}

function show(entry) {
    const button = document.getElementById('request-' + entry._number);
    toggle(entry, button, true);
    button.focus();
    button.scrollIntoView({block: 'center'});
}

function row(entry) {
    const range = header(entry.request.headers, 'range');
    const button = make('button', {class: 'request', type: 'button', id: 'request-' + entry._number, 'aria-expanded': 'false', 'aria-controls': 'detail-' + entry._number,
            click: () => toggle(entry, button, button.getAttribute('aria-expanded') !== 'true')},
        make('span', {class: 'number soft'}, entry._number),
        make('span', {}, make('span', {class: 'why'}, entry.comment + (kinds.has(blobOf(entry)) ? ': ' + kinds.get(blobOf(entry)) : '')), make('code', {}, entry.request.method + ' ' + entry.request.url + (range ? ', ' + range : ''))),
        make('span', {class: colour(entry)}, status(entry)),
        make('span', {class: 'figure'}, size(received(entry))), make('span', {class: 'figure'}, time(entry.time)),
        make('span', {class: 'track', 'aria-hidden': 'true'}, bar(entry, 'span', {})));
    return make('li', {}, button);
}

// blobs in time

function ruler() {
    const track = make('div', {class: 'track'});
    for (let i = 0; i <= 4; i++) {
        const tick = make('span', {}, i ? time(length * i / 4) : '0');
        tick.style.left = 25 * i + '%';
        track.append(tick);
    }
    return make('div', {class: 'ruler', 'aria-hidden': 'true'}, make('span', {}), track);
}

// parts that came side by side lie one below the other
function lane(name, own) {
    const ends = [];
    const places = own.map(entry => {
        let place = ends.findIndex(end => end <= entry.from);
        place = place < 0 ? ends.length : place;
        ends[place] = entry.from + entry.time;
        return place;
    });
    const track = make('div', {class: 'track', role: 'group', 'aria-label': name});
    track.style.height = Math.max(1.6, ends.length * .8) + 'rem';
    own.forEach((entry, i) => {
        const range = header(entry.request.headers, 'range').replace('=', ' ');
        const label = (range || 'all of it') + ', ' + status(entry) + ', ' + size(received(entry)) + ' in ' + time(entry.time) + ' from ' + new URL(entry.request.url).host + ', request ' + entry._number;
        const button = bar(entry, 'button', {type: 'button', 'aria-label': label, title: label, click: () => show(entry)});
        button.style.top = 100 * places[i] / ends.length + '%';
        button.style.height = 'calc(' + 100 / ends.length + '% - 2px)';
        track.append(button);
    });
    return make('div', {class: 'lane'}, make('span', {}, make('code', {}, name), ' ', make('span', {class: 'soft'}, size(own.reduce((sum, entry) => sum + received(entry), 0)))), track);
}

function lanes() {
    const others = entries.filter(entry => !blobOf(entry));
    const blobs = new Map();
    entries.filter(blobOf).forEach(entry => blobs.set(blobOf(entry), [...(blobs.get(blobOf(entry)) || []), entry]));
    const order = [...kinds.keys()];
    const sorted = [...blobs].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
    return [ruler(), ...(others.length ? [lane('tokens, manifests', others)] : []), ...sorted.map(([name, own]) => lane((kinds.get(name) || 'blob') + ' ' + name.slice(0, 8), own))];
}

// the tree: what the answers themselves say

const kinds = new Map();
const documents = new Map();
const drawn = new Set();

function isObject(value) {
    return value !== null && typeof value === 'object' && !Array.isArray(value);
}

// a list without what is no descriptor
function descriptors(list) {
    return Array.isArray(list) ? list.filter(isObject) : [];
}

function learn(entry) {
    try {
        const text = JSON.parse(entry.response.content.text);
        if (Array.isArray(text.manifests) || Array.isArray(text.layers)) {
            const json = {index: Array.isArray(text.manifests), manifests: descriptors(text.manifests), layers: descriptors(text.layers), config: isObject(text.config) ? text.config : null};
            const digest = header(entry.response.headers, 'docker-content-digest') || entry._digest || 'unknown';
            documents.set(digest, {json, size: received(entry), entry});
            if (json.config) {
                kinds.set(short(String(json.config.digest)), 'config');
            }
            json.layers.forEach((layer, i) => kinds.set(short(String(layer.digest)), 'layer ' + (i + 1)));
        }
    } catch (e) {
        // no manifest
    }
}

function requestsOf(entries) {
    return entries.flatMap(entry => [' ', make('button', {type: 'button', class: 'soft', 'aria-label': 'show request ' + entry._number, click: () => show(entry)}, '[' + entry._number + ']')]);
}

function leaf(kind, descriptor) {
    const digest = String(descriptor.digest);
    const own = entries.filter(entry => blobOf(entry) === short(digest));
    const fetched = own.filter(entry => entry.request.method === 'GET').reduce((sum, entry) => sum + received(entry), 0);
    return make('li', {}, kind + ' ', make('code', {}, short(digest)), ', ' + size(Number(descriptor.size)),
        make('span', {class: 'soft'}, own.length ? ', ' + size(fetched) + ' fetched by ' + own.length + (own.length > 1 ? ' requests' : ' request') : ', not fetched'),
        ...requestsOf(own.slice(0, 8)), own.length > 8 ? ' …' : '');
}

function branch(digest, platform) {
    const {json, size: bytes, entry} = documents.get(digest);
    drawn.add(digest);
    const children = make('ul', {}, make('li', {class: 'other'}, 'the answer to request', ...requestsOf([entry])));
    for (const each of json.manifests) {
        const its = isObject(each.platform) ? ' for ' + [each.platform.os, each.platform.architecture, each.platform.variant].filter(Boolean).join('/') : '';
        children.append(documents.has(each.digest) && !drawn.has(each.digest) ? branch(each.digest, its)
            : make('li', {class: 'other'}, 'manifest ', make('code', {}, short(String(each.digest))), its + (documents.has(each.digest) ? ', shown once' : ', not asked for')));
    }
    if (json.config) {
        children.append(leaf('config', json.config));
    }
    json.layers.forEach((layer, i) => children.append(leaf('layer ' + (i + 1), layer)));
    return make('li', {}, make('details', {open: ''}, make('summary', {}, json.index ? 'index ' : 'manifest ', make('code', {}, short(digest)), platform + ', ' + size(bytes)), children));
}

function tree() {
    const below = new Set([...documents.values()].flatMap(each => each.json.manifests.map(manifest => manifest.digest)));
    const roots = [...documents.keys()].filter(digest => !below.has(digest));
    return roots.length ? make('ul', {class: 'tree'}, ...roots.map(digest => branch(digest, ''))) : make('p', {}, 'No manifest came.');
}

entries.forEach(learn);
const failed = entries.filter(entry => colour(entry) === 'bad').length;
document.getElementById('summary').textContent = entries.length + (entries.length === 1 ? ' request, ' : ' requests, ') + size(entries.reduce((sum, entry) => sum + received(entry), 0)) + ' in '
    + time(length) + (failed ? ', ' + failed + ' of them failed' : '') + (log.comment ? ', ' + log.comment : '');
document.getElementById('outcome').textContent = log.pages[0].comment || '';
document.getElementById('tree').append(tree());
document.getElementById('lanes').append(...(entries.length ? lanes() : ['No request was sent.']));
document.getElementById('requests').append(...entries.map(row));
document.body.dataset.drawn = String(entries.length);
