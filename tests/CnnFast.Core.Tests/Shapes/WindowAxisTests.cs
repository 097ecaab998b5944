namespace CnnFast.Core.Tests;

/// <summary>Which taps of a window no output finds on the image, against a look at every output.</summary>
public sealed class WindowAxisTests
{
    [Fact]
    public void Taps_without_a_pixel_are_left_out_and_all_others_read_what_they_did()
    {
        int cut = 0;
        var sizes =
            from input in new[] { 1, 2, 3, 5 }
            from window in new[] { 1, 2, 3, 5 }
            from stride in new[] { 1, 2, 3 }
            from dilation in new[] { 1, 2, 3, 7 }
            from before in new[] { 0, 1, 2, 4, 9 }
            from after in new[] { 0, 1, 3, 8 }
            select WindowAxis.Create(input, window, stride, dilation, PaddingMode.Explicit, before, after);
        foreach (WindowAxis axis in sizes.OfType<WindowAxis>())
        {
            WindowAxis reached = axis.WithoutUnreachedTaps(out int first);
            string what = $"{axis} {reached}";
            Assert.True(reached.PadBefore >= 0 && reached.PadAfter >= 0 && reached.Window >= 1, what);
            Assert.True(((reached.Output - 1) * axis.Stride) + reached.Span <= reached.PadBefore + axis.Input + reached.PadAfter, what);
            Assert.Equal(axis.Output, reached.Output);
            Assert.Equal((axis.Input, axis.Stride, axis.Dilation), (reached.Input, reached.Stride, reached.Dilation));
            Assert.Equal(axis.PadBefore - (first * axis.Dilation), reached.PadBefore);
            for (int tap = 0; tap < axis.Window; tap++)
            {
                bool stays = tap >= first && tap < first + reached.Window;
                Assert.True(stays || !Reaches(axis, tap), $"{what} tap {tap}");
            }

            bool any = Enumerable.Range(0, axis.Window).Any(tap => Reaches(axis, tap));
            if (any)
                Assert.True(Reaches(reached, reached.Window - 1), what);
            else
                Assert.Equal(axis, reached);
            cut += reached.Window < axis.Window ? 1 : 0;
        }

        Assert.InRange(cut, 100, int.MaxValue);
    }

    private static bool Reaches(WindowAxis axis, int tap) => Enumerable.Range(0, axis.Output)
        .Select(output => (output * axis.Stride) + (tap * axis.Dilation) - axis.PadBefore)
        .Any(place => place >= 0 && place < axis.Input);
}
