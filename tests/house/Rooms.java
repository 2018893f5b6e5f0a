package tests.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rooms of the library from the ground up: which rooms each may know, and by which classes others may enter it. */
final class Rooms {
    /** A room, the rooms that it may know, and below it its doors. */
    private static final String TABLE = """
            failure           | 
                              : NoSignatureException NotFoundException RegistryException SeveralImagesException WrongContentException WrongSignatureException
            text              | failure
                              : Json PlainText Resource Secrets Sizes Suggestion TagVersion Version VersionOrder VersionRange
            file              | failure
                              : AtomicFile LockFile SmallFile TemporaryPath TrustedFile
            crypto            |
                              : Crypto
            crypto.boringssl  | file crypto
                              : NativeProvider
            image             | failure text crypto
                              : Choice ConfigChange Descriptor Digest ImageConfig Manifest ManifestTree MediaType MediaTypeChange Origin Platform Reference Referrer Schema1
            registry.settings | text file image
                              : DockerHub SettingsFolders Toml UsernamePassword WebAddress
            registry.address  | 
                              : Addresses Attempts GivenAddresses Loopback NetworkScope
            registry.proxy    | registry.settings registry.address
                              : NoProxy Proxies ProxyAddress ProxyLogin
            registry.tls      | text file crypto registry.settings registry.address registry.proxy
                              : HostCertificates Tls TlsProxy TlsSettings TlsSockets UntrustedCertificateException
            registry.api      | image
                              : Api Body Purpose Request
            registry.http     | image registry.api failure text registry.settings registry.address registry.proxy registry.tls
                              : Connections Exchange Http HttpSettings RateLimit Redaction Redirect RequestFailure Response Retry Throttle
            registry.upload   | registry.api registry.settings registry.address registry.proxy registry.http
                              : UploadConnections
            registry.hosts    | registry.api text file image registry.settings registry.address registry.proxy registry.tls registry.http
                              : ContainerdHostsToml DockerDaemonJson Endpoint EndpointResolver HostSettings PodmanRegistriesConf ShortNames
            registry.auth     | image registry.api failure text file registry.settings registry.address registry.http registry.hosts
                              : Authorization Challenge Credential CredentialChain CredentialSource CredentialStore FrontDoor TokenCheck TokenRequest
            registry          | registry.api failure text image registry.settings registry.proxy registry.tls registry.upload registry.http registry.hosts registry.auth
                              : BlobBody Blobs ListBounds Listed Login ManifestUploads Network Paging Referrers Registry Tags Tokens Uploads
            registry.hub      | registry.api failure text image registry.http registry
                              : Hub HubTag
            registry.doctor   | registry.api crypto.boringssl failure text image registry.settings registry.address registry.proxy registry.tls registry.http registry.hosts registry.auth registry
                              : Diagnosis
            registry.mirrors  | registry.api failure text image registry.settings registry.http registry.hosts registry.auth registry
                              : FarSideSettings MirrorSettings MirrorSurvey State Survey SurveyedEndpoint
            store.tar         | failure file
                              : AheadBuffers ByteName EntryPath PathWalk ReadAhead TarEntry TarFields TarHeader TarReader TarWriter
            store.layer       | failure text image store.tar
                              : BlobParts BlobSource Compression LayerStream LayerTar Layers LayersAhead PathSelection TableOfContents UnpackLimit VerifiedStream Whiteouts WholeContent
            store.rootfs      | failure file image store.tar store.layer
                              : RootFs
            store.files       | failure file image store.tar store.layer
                              : FileContents FileList FileNode FileTree FlatTar LayerIndex ListedFile
            store.diff        | failure image store.tar store.layer store.files
                              : FileChange FileChanges
            store.artifact    | failure text image store.tar store.layer
                              : TitledFiles
            store.volume      | failure text file image
                              : MadeVolumes PartFiles VolumeChoice VolumeSet Volumes
            store             | failure text file image store.tar store.layer store.volume
                              : BlobCache DamagedArchive Exclusions ImageLayout ImageStore KeptBlobs Layout NamedImage StoredImage StoredImages StoredReferrers TemporaryLayout
            store.format      | failure text file image store.tar store.layer store.files store store.volume
                              : ArchivePlan ArchiveTarget ArchiveWriter Assembly Format OldLayers Recompression
            transfer.source   | failure image registry.hosts registry
                              : Flow Host Hosts Ranges Senders Source Sources
            transfer          | failure text file image registry.http registry.hosts registry store.layer store store.volume store.format transfer.source
                              : BlobProgress BlobPull BlobStream Journal LayersPull Pull RemoteImage Settings ShutdownHook
            transfer.packed   | failure text file store.layer store.volume store.format transfer
                              : CompressedPull
            transfer.push     | failure image registry.settings registry store.layer store transfer
                              : Outgoing Push PushSource StoredBlobs
            transfer.copy     | failure image registry transfer transfer.push
                              : LostBlobs RegistryBlobs
            trust             | failure text file image
                              : AnyKey Authorities Envelope ImagePolicy SignedClaim SignedName Signer SigstoreBundle SimpleSigning Statement Trust TrustedKey
            verb.referrers    | failure text image registry store transfer
                              : ImageReferrers ReferrerSelection ReferrerTravel RegistryReferrers RemoteTravel StatedSigner
            verb              | failure text file image trust registry store.layer store.artifact store store.volume store.format store.files store.diff store.rootfs transfer transfer.packed transfer.push verb.referrers
                              : BlobFetch DockersList Extraction ImageAssembly ImageChoice ImageDiff ImageFinder ImageLocation ImagePull ImagePush ImageSource Inspection RemoteSource Selection SignaturePolicy SignedImages Verification VerifiedImage Written
            verb.copy         | failure text image registry store transfer transfer.push transfer.copy verb.referrers verb
                              : ImageCopy OtherMediaTypes PipedImage
            verb.attestation  | failure text image trust registry store transfer verb.referrers verb
                              : Attestation AttestedImage Sbom SbomFormat
            verb.check        | failure text image store store.volume verb verb.referrers
                              : StoreCheck
            record            | registry.api failure text file image registry.http
                              : CurlScript Explain Recording
            server.http       | 
                              : HttpListener
            server            | failure text image store server.http
                              : Answer BlobAnswer DemoImage DemoLines HostNames Page Server
            server.writable   | failure image text file store server server.http
                              : WritableServer
            workload          | failure file image
                              : Findings Workload YamlFile
            workload.chart    | failure text file image store.tar store.layer workload
                              : ChartImages
            haul              | failure text file image registry.settings registry store.layer store store.volume store.format transfer transfer.packed transfer.push transfer.copy verb.referrers verb workload
                              : Earlier Found FoundImage Haul HaulCopy HaulPlan HaulPull LastRate
            cli.terminal      | text image transfer
                              : Progress Screen Table Terminal
            cli.arguments     |
                              : Arguments
            cli               | cli.arguments cli.terminal failure text file image registry.settings registry.hosts registry.doctor store.files transfer
                              : Advice Cli CommonOptions Failure Failures FileText Listing Names PipedInput PipedManifest ReferrerCount RemoteNames Snippets Stage Target
            cli.options       | cli.terminal failure text file image trust registry.settings registry.address registry.proxy registry.tls registry.http registry.hosts registry.auth registry store.layer store store.volume store.format transfer.source transfer verb.referrers verb record cli
                              : FormatOption HostOptions ImageOption LeaveOutOptions ListOptions MaxSizeOption NetworkOptions PagesOption PlatformOption ReferrersOption SourceOptions
                              : TableOption TransferOptions UploadOptions UserOptions VerifyKeyOption
            cli.copy          | failure image registry.settings registry.hosts registry.auth registry registry.mirrors store transfer.push verb verb.copy cli.options cli
                              : DestinationOptions FarSideOption FromOptions MediaTypesOption
            cli.survey        | cli.terminal failure text image registry.http registry.mirrors cli
                              : SurveyJson SurveyTable
            cli.haul          | cli.terminal text store.volume store.format verb haul cli
                              : HaulReport VolumeOptions
            cli.completion    | text
                              : Completion
            shell             | cli.terminal text image record registry registry.hosts registry.auth store store.format transfer transfer.push trust verb.referrers verb verb.copy haul cli
                              : Blob Document Image Lines Session WithoutTrace
            """;
    private static final Map<String, Room> ALL = parsed();

    /**
     * One room.
     *
     * @param mayKnow the full names of other rooms
     * @param doors   the classes that other rooms may use
     */
    record Room(String name, Set<String> mayKnow, Set<String> doors) { }

    private Rooms() { }

    /** Returns a room by its full name, such as {@code registry.http}, or null if there is no rule for it. */
    static Room of(String name) {
        return ALL.get(name);
    }

    /** Returns the names of all rooms, from the ground up. */
    static List<String> names() {
        return new ArrayList<>(ALL.keySet());
    }

    private static Map<String, Room> parsed() {
        Map<String, Room> rooms = new LinkedHashMap<>();
        String name = null;
        for (String line : TABLE.split("\n")) {
            String[] parts = line.split("[|:]", 2);
            if (line.contains("|")) {
                name = parts[0].strip();
                rooms.put(name, new Room(name, words(parts[1]), new TreeSet<>()));
            } else {
                rooms.get(name).doors().addAll(words(parts[1]));
            }
        }
        return rooms;
    }

    private static Set<String> words(String text) {
        return text.isBlank() ? Set.of() : Set.of(text.strip().split(" "));
    }
}
