namespace CnnFast.Images;

/// <summary>Which part of a picture goes where in an image.</summary>
/// <param name="Source">The part of the picture: left, top, width, height.</param>
/// <param name="Target">Where it goes in the image.</param>
internal readonly record struct FitGeometry(PixelBox Source, PixelBox Target)
{
    public static FitGeometry Of(PictureFit fit, int width, int height, int toWidth, int toHeight) => fit switch
    {
        PictureFit.Stretch => new(new PixelBox(0, 0, width, height), new PixelBox(0, 0, toWidth, toHeight)),
        PictureFit.Crop => new(Inside(width, height, toWidth, toHeight), new PixelBox(0, 0, toWidth, toHeight)),
        _ => new(new PixelBox(0, 0, width, height), Inside(toWidth, toHeight, width, height)),
    };

    /// <summary>The column of the picture whose pixel is nearest to a column of the image.</summary>
    public int SourceX(int x) => Nearest(x - Target.X, Source.X, Source.Width, Target.Width);

    /// <summary>The row of the picture whose pixel is nearest to a row of the image.</summary>
    public int SourceY(int y) => Nearest(y - Target.Y, Source.Y, Source.Height, Target.Height);

    // The middle of a pixel, in the other's pixels, rounded down.
    private static int Nearest(int at, int start, int from, int to) => start + (int)((((2L * at) + 1) * from) / (2L * to));

    // The largest box in the middle of one size that has the aspect of another.
    private static PixelBox Inside(int width, int height, int aspectWidth, int aspectHeight)
    {
        bool wide = (long)width * aspectHeight > (long)height * aspectWidth;
        int w = wide ? Scaled(height, aspectWidth, aspectHeight, width) : width;
        int h = wide ? height : Scaled(width, aspectHeight, aspectWidth, height);
        return new PixelBox((width - w) / 2, (height - h) / 2, w, h);
    }

    private static int Scaled(int length, int by, int per, int most) =>
        (int)Math.Clamp((((2L * length * by) + per) / (2L * per)), 1, most);
}
