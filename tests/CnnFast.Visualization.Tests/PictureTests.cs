using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Visualization.Tests;

public sealed class PictureTests
{
    [Fact]
    public void A_picture_is_read_back_from_its_PNG_file()
    {
        var picture = new Picture(5, 3);
        for (int i = 0; i < picture.Pixels.Length; i++)
            picture.Pixels[i] = (byte)(7 * i);
        using Image<Rgb24> read = Image.Load<Rgb24>(picture.ToPng());
        Assert.Equal((5, 3), (read.Width, read.Height));
        var pixels = new byte[45];
        read.CopyPixelDataTo(pixels);
        Assert.Equal(picture.Pixels.ToArray(), pixels);
        Assert.StartsWith("data:image/png;base64,iVBOR", picture.ToDataUri(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(1 << 20, 1 << 20)]
    public void A_size_that_no_picture_has_is_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(width, height));
}
