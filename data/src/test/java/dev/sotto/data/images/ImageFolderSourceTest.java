package dev.sotto.data.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Holdout;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFolderSourceTest {
    @TempDir
    Path folder;

    @Test
    void readsNoPictureTwiceNorTestsOnIt() throws IOException {
        picture("train/cat/a.png", 4, 4, 0x800000, "png");
        picture("train/dog/b.png", 4, 4, 0x80, "png");
        Path again = Files.createSymbolicLink(folder.resolve("train/dog/c.png"), folder.resolve("train/cat/a.png"));
        assertThatThrownBy(() -> source(Shape.of(3, 2, 2)).load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(again + " is read twice");
        Files.delete(again);
        Files.createSymbolicLink(folder.resolve("test"), folder.resolve("train"));
        assertThatThrownBy(() -> source(Shape.of(3, 2, 2)).load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(" is among the training files too");
    }

    @Test
    void takesClassesFromSubfoldersAndResizes() throws IOException {
        picture("train/cat/a.png", 4, 4, 0x800000, "png");
        picture("train/dog/b.jpg", 8, 2, 0xffffff, "jpg");
        picture("test/dog/c.PNG", 2, 2, 0x0000ff, "png");
        Files.writeString(folder.resolve("train/dog/notes.txt"), "not a picture");
        DataSet set = source(Shape.of(3, 2, 2)).load(DataContext.ofSystem());
        assertThat(set.train().target()).isEqualTo(Target.Classes.named("cat", "dog"));
        assertThat(set.train().size()).isEqualTo(2);
        assertThat(set.train().label(1)).isEqualTo(1);
        assertThat(set.test().orElseThrow().label(0)).isEqualTo(1);
        float[] x = new float[12];
        set.train().features(0, x, 0);
        float red = 128 / 255f;
        assertThat(x).containsExactly(red, red, red, red, 0, 0, 0, 0, 0, 0, 0, 0);
        set.train().features(1, x, 0);
        assertThat(x).containsOnly(1);
    }

    @Test
    void averagesOverAreasAndWeighsColoursAsLuma() throws IOException {
        BufferedImage halves = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        halves.setRGB(0, 0, 0xffffff);
        halves.setRGB(1, 0, 0xffffff);
        write(halves, "a/x.png", "png");
        picture("b/y.png", 1, 1, 0x00ff00, "png");
        DataSet set = source(Shape.of(1, 1, 2)).load(DataContext.ofSystem());
        float[] x = new float[2];
        set.train().features(0, x, 0);
        assertThat(x).containsExactly(1, 85 / 255f);
        set.train().features(1, x, 0);
        assertThat(x).containsOnly(150 / 255f);
    }

    @Test
    void refusesInOneLine() throws IOException {
        assertThatThrownBy(() -> source(Shape.of(1, 2, 2)).load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": 0 sub-folders; one per class is needed, at most 256");
        Path bad = folder.resolve("cat/a.png");
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, "no picture");
        assertThatThrownBy(() -> source(Shape.of(1, 2, 2)).load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessage(bad + ": not a PNG or JPEG picture");
        assertThatThrownBy(() -> source(Shape.of(2, 2, 2)))
                .hasMessage("pets: pictures need a shape of 1 or 3 channels, height and width, not 2x2x2");
    }

    @Test
    void survivesDamagedPictures() throws IOException {
        for (String format : new String[] {"png", "jpg"}) {
            Path good = picture("good." + format, 9, 7, 0x123456, format);
            byte[] valid = Files.readAllBytes(good);
            SplittableRandom random = new SplittableRandom(1);
            for (int round = 0; round < 500; round++) {
                byte[] bytes =
                        Arrays.copyOf(valid, valid.length - random.nextInt(3) * random.nextInt(valid.length / 3));
                for (int c = random.nextInt(4); c >= 0; c--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                Path file = Files.write(folder.resolve(round + "." + format), bytes);
                try {
                    Picture.read(file, 3, 4, 4, new byte[48], 0);
                } catch (DataException e) {
                    assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
                }
                Files.delete(file);
            }
        }
    }

    private ImageFolderSource source(Shape shape) {
        return new ImageFolderSource("pets", folder, shape, PixelScaling.unit(), Holdout.none());
    }

    private Path picture(String name, int width, int height, int rgb, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb);
            }
        }
        return write(image, name, format);
    }

    private Path write(BufferedImage image, String name, String format) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }
}
