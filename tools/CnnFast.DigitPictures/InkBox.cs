namespace CnnFast.DigitPictures;

/// <summary>A box of pixels: the first column and row, and how many.</summary>
internal readonly record struct InkBox(int X, int Y, int Width, int Height)
{
    /// <summary>The smallest box around all ink; empty when there is none.</summary>
    public static InkBox Around(GreyImage ink)
    {
        int left = ink.Width;
        int top = ink.Height;
        int right = -1;
        int bottom = -1;
        for (int y = 0; y < ink.Height; y++)
        {
            for (int x = 0; x < ink.Width; x++)
            {
                if (ink.Values[(y * ink.Width) + x] < InkParts.Drawn)
                    continue;
                left = Math.Min(left, x);
                right = Math.Max(right, x);
                top = Math.Min(top, y);
                bottom = y;
            }
        }

        return right < 0 ? default : new InkBox(left, top, right - left + 1, bottom - top + 1);
    }
}
