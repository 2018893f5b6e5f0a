package lib.cli.haul;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.Stage;
import lib.cli.terminal.Table;
import lib.haul.FoundImage;
import lib.haul.HaulCopy;
import lib.haul.HaulPlan;
import lib.haul.HaulPull;
import lib.store.format.Format;
import lib.store.volume.VolumeChoice;
import lib.text.Sizes;
import lib.verb.Written;
import org.jspecify.annotations.Nullable;

/**
 * What a haul is, will be or was.
 *
 * @param isTable whether people read it
 * @param rate    how many bytes a second came in the last run; 0 if nothing is known
 * @param isPlan  whether nothing is fetched yet
 * @param cut     into which volumes the archive is cut; null for one file
 */
public record HaulReport(boolean isTable, long rate, boolean isPlan, @Nullable VolumeChoice cut, CommonOptions common) {
    private static long volumes(HaulPlan plan, VolumeChoice cut) {
        return (plan.archive() + cut.size() - 1) / cut.size();
    }

    /**
     * Prints the images on stdout, and for programs those that failed.
     *
     * @throws IOException if stdout cannot be written
     */
    public void print(HaulPlan plan, Failures failures) throws IOException {
        if (isTable) {
            Table rows = new Table("IMAGE", "PLATFORM", "SIZE", isPlan ? "TO FETCH" : "FETCHED", "SHARED", "HERE", "LEFT OUT");
            for (HaulPlan.Line line : plan.images()) {
                rows.row(line.image().name().familiarName(), String.join(",", line.image().platformNames()), Sizes.of(line.size()), Sizes.of(line.fetch()),
                        Sizes.of(line.shared()), Sizes.of(line.here()), Sizes.of(line.left()));
            }
            Stage.print(rows.toString().getBytes(StandardCharsets.UTF_8));
            return;
        }
        ObjectNode json = plan.toJson();
        ArrayNode failed = json.putArray("failed");
        failures.sentences().forEach((name, why) -> failed.addObject().put("name", name).put("error", why));
        if (isPlan) {
            json.put("bytesPerSecond", rate).put("seconds", rate == 0 ? 0 : plan.fetch() / rate);
            if (cut != null) {
                json.put("volumes", volumes(plan, cut));
            }
        }
        Stage.print(json);
    }

    /**
     * Says on stderr which images failed and why, and last how many of those that came may lack signatures and the like: for that,
     * no image fails, as in {@code pull}.
     *
     * @return the exit code
     */
    public int end(HaulPlan came, Failures failures, int asked) {
        int code = failures.report("sync", asked);
        if (came.lacking() > 0) {
            CommonOptions.warn("sync: " + came.lacking() + " of " + asked + " images may lack signatures or other referrers, as warned above; the same command looks for them again");
        }
        return code;
    }

    /** Says what it takes to fetch all this. */
    public void forecast(HaulPlan plan) {
        common.say(Sizes.of(plan.fetch()) + " to fetch" + (rate == 0 ? "" : ", " + duration(plan.fetch() / rate) + " at the " + Sizes.of(rate) + "/s of the last run"));
    }

    /** Says what disk it takes. */
    public void forecastDisk(HaulPlan plan, Path target) {
        long free = HaulPlan.free(target);
        common.say(target + " takes " + Sizes.of(plan.archive()) + (cut == null ? "" : " in " + volumes(plan, cut) + " volumes") + (free == 0 ? "" : "; " + Sizes.of(free) + " are free there"));
        if (free > 0 && free < plan.archive()) {
            CommonOptions.warn("warning: that does not fit");
        }
    }

    private static String duration(long seconds) {
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? (seconds + 59) / 60 + " minutes" : (seconds + 3599) / 3600 + " hours";
    }

    private static String images(int count) {
        return count + (count == 1 ? " image" : " images");
    }

    /** Says what was written to files, and what to do with it. */
    public void say(HaulPull.Result result, Format format) {
        Written written = result.written();
        if (written == null) {
            CommonOptions.warn("nothing was written");
            return;
        }
        String images = images(result.images().size());
        String path = written.volumes() == 0 ? written.path().toString() : written.made() < written.volumes() ? written.path() + ", " + written.made() + " of " + written.volumes() + " volumes"
                : written.path().toString().replaceFirst("[.][0-9]{3}$", "") + " in " + written.volumes() + (written.volumes() == 1 ? " volume" : " volumes");
        common.say(switch (written.how()) {
            case WAS_COMPLETE -> path + " has " + images + " and is already complete and verified; nothing was fetched";
            case FILLED -> "wrote " + images + " to " + written.path() + " (" + Sizes.of(result.fetched()) + " fetched), every byte verified";
            default -> "wrote " + images + " to " + path + ", " + Sizes.of(written.size()) + " (" + Sizes.of(result.fetched()) + " fetched), every byte verified";
        });
        if (written.volumes() > 0) {
            common.say("every command reads them by the name of the first, if they are in one folder; cat joins them");
            return;
        }
        boolean isDelta = result.images().stream().anyMatch(FoundImage::isDelta);
        common.say(isDelta ? "on the other side, push OLD.tar and then " + written.path() + ", or make a whole of it with: assemble " + (format == Format.OCI ? "--platform all --format oci " : "") + "OLD.tar " + written.path() + " -o FULL.tar"
                : format.use(written.images(), written.path()));
    }

    /** Says what was brought to a registry. */
    public void say(HaulCopy.Result result, String host) {
        common.say(images(result.brought().size()) + " in " + host + ", " + result.were() + " of them were there already; " + Sizes.of(result.sent()) + " sent");
    }

    /** Says where the digests are written down. */
    public void sayLock(Path lockFile, List<FoundImage> images) {
        common.say("the digests of " + images(images.size()) + " are in " + lockFile);
    }
}
