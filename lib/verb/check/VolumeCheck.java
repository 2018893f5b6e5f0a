package lib.verb.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.store.volume.VolumeSet;

/** Checks each volume of an archive by its statement, also where others are missing: the medium that it is on may be all that there is. */
final class VolumeCheck {
    private VolumeCheck() { }

    /**
     * Returns a sentence for each volume that is damaged; none for what is not in volumes.
     *
     * @throws NotFoundException     if volumes are missing, and those that are there are right; it names both
     * @throws WrongContentException if volumes are missing, and one that is there is damaged
     * @throws IOException           if a volume cannot be read
     */
    static List<String> of(Path place) throws IOException {
        VolumeSet volumes = VolumeSet.at(place);
        List<String> wrong = new ArrayList<>();
        List<String> right = new ArrayList<>();
        for (int number : volumes == null ? List.<Integer>of() : volumes.present()) {
            String why = volumes.wrong(number);
            if (why != null) {
                wrong.add(why);
            } else if (volumes.isStated(number)) {
                right.add(volumes.volumes().file(number).toString());
            }
        }
        if (volumes == null || volumes.present().size() == volumes.volumes().count()) {
            return wrong;
        }
        try {
            volumes.checkComplete();
        } catch (NotFoundException missing) {
            if (!wrong.isEmpty()) {
                throw new WrongContentException(String.join("; ", wrong) + "; " + missing.getMessage());
            }
            throw new NotFoundException(missing.getMessage() + (right.isEmpty() ? "" : "; intact: " + String.join(", ", right)));
        }
        return wrong;
    }
}
