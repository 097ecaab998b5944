namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Changes of the image size.</summary>
internal static class ResizeFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        new("Resize nearest", 10, Bounds.Exact, c => Resize(c, "nearest")) { Cases = 24 },
        new("Resize linear", 10, Bounds.Interpolation, c => Resize(c, "linear")) { Cases = 24 },
        new("Resize cubic", 11, Bounds.Interpolation, c => Resize(c, "cubic")) { Cases = 24 },
        new("Upsample", 7, Bounds.Interpolation, Upsample) { Cases = 30, LastOpset = 9 },
    ];

    private static void Upsample(SweepCase c)
    {
        float[] scales = [1, 1, c.Pick(1f, 1.5f, 2f, 3f), c.Pick(1f, 2f, 2.5f, 4f)];
        c.Input(c.Floats(c.Dimensions(4, 6)));
        if (c.Opset >= 9)
            c.Input(OnnxTensor.Create(scales, 4));
        else
            c.Set("scales", scales);
        if (c.Chance(0.7))
            c.Set("mode", c.Pick("nearest", "linear"));
        c.Output();
    }

    private static void Resize(SweepCase c, string mode)
    {
        c.Operator = "Resize";
        int[] x = [c.Between(1, 2), c.Between(1, 5), c.Between(2, 8), c.Between(2, 8)];
        c.Input(c.Floats(x));
        if (mode != "nearest" || c.Chance(0.5))
            c.Set("mode", mode);
        c.Output();
        if (c.Opset == 10)
        {
            c.Input(OnnxTensor.Create([1, 1, Scale(c, x[2], whole: false), Scale(c, x[3], whole: false)], 4));
            return;
        }

        string coordinates = Coordinates(c, mode);
        bool byAxes = c.Opset >= 18 && c.Chance(0.5), crop = coordinates == "tf_crop_and_resize", bySizes = c.Chance(0.5);
        bool fromEnd = byAxes && c.Chance(0.5);
        if (byAxes)
            c.Set("axes", fromEnd ? [-2, -1] : new[] { 2, 3 });
        Region(c, crop, byAxes);
        Target(c, x, byAxes, bySizes, whole: coordinates == "align_corners");

        // ONNX Runtime keeps no ratio of axes that are counted from the end.
        if (c.Opset >= 18 && bySizes && !fromEnd && c.Chance(0.3))
            c.Set("keep_aspect_ratio_policy", c.Pick("stretch", "not_larger", "not_smaller"));
        if (c.Opset >= 18 && mode != "nearest" && !crop && c.Chance(0.2))
        {
            c.Set("antialias", 1);
            c.MayBeRefused = "antialias";
        }

        Interpolate(c, mode);
    }

    private static string Coordinates(SweepCase c, string mode)
    {
        string coordinates = c.Pick("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric");
        if (c.Opset >= 19 && c.Chance(0.2))
            coordinates = "half_pixel_symmetric";
        else if (c.Chance(0.1))
            coordinates = "tf_crop_and_resize";
        else if (c.Opset is 11 or 12 && mode == "nearest" && c.Chance(0.15))
            coordinates = "tf_half_pixel_for_nn";
        if (coordinates != "half_pixel" || c.Chance(0.5))
            c.Set("coordinate_transformation_mode", coordinates);
        return coordinates;
    }

    private static void Region(SweepCase c, bool crop, bool byAxes)
    {
        if (crop)
        {
            float[] starts = [c.Number(0, 0.3), c.Number(0, 0.3)], ends = [c.Number(0.6, 1.2), c.Number(0.6, 1.2)];
            float[] region = byAxes ? [.. starts, .. ends] : [0, 0, .. starts, 1, 1, .. ends];
            c.Input(OnnxTensor.Create(region, region.Length));
            c.Maybe("extrapolation_value", c.Number());
        }
        else
        {
            // Before opset 13 the region is given, if only empty.
            c.Input(c.Opset >= 13 && c.Chance(0.6) ? null : OnnxTensor.Create(Array.Empty<float>(), 0), constant: true);
        }
    }

    private static void Target(SweepCase c, int[] x, bool byAxes, bool bySizes, bool whole)
    {
        if (bySizes)
        {
            int[] sizes = [c.Between(1, 16), c.Between(1, 16)];
            c.Input(c.Opset >= 13 ? null : OnnxTensor.Create(Array.Empty<float>(), 0), constant: true);
            c.Input(Draws.Vector(byAxes ? sizes : [x[0], x[1], .. sizes]));
        }
        else
        {
            float[] scales = [Scale(c, x[2], whole), Scale(c, x[3], whole)];
            float[] all = byAxes ? scales : [1, 1, .. scales];
            c.Input(OnnxTensor.Create(all, all.Length));
        }
    }

    private static void Interpolate(SweepCase c, string mode)
    {
        if (mode == "nearest")
        {
            if (c.Chance(0.7))
                c.Set("nearest_mode", c.Pick("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));
        }
        else if (mode == "cubic")
        {
            c.Maybe("cubic_coeff_a", c.Pick(-0.75f, -0.5f));
            c.Maybe("exclude_outside", c.Between(0, 1));
        }
    }

    // Scales that binary fractions hold exactly. ONNX Runtime aligns corners after rounding the size, ONNX's reference before: there
    // the size has to come out whole.
    private static float Scale(SweepCase c, int size, bool whole)
    {
        float scale = c.Pick(0.5f, 0.75f, 1f, 1.25f, 1.5f, 2f, 2.5f, 3f, 4f);
        return whole && (scale * size) % 1 != 0 ? 2f : scale;
    }
}
