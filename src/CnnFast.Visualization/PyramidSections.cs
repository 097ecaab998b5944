using System.Globalization;
using System.IO.Enumeration;

namespace CnnFast.Visualization;

/// <summary>The parts of the picture of one input's way through a model.</summary>
internal sealed class PyramidSections
{
    private const int FewSections = 16;
    private const int NarrowWidth = 480;

    // Kernels side by side need room.
    private const int MostApart = 16;

    private readonly Activations _activations;
    private readonly PyramidOptions _options;
    private readonly List<Section> _sections = [];
    private bool _isLong;

    private PyramidSections(Activations activations, PyramidOptions options) => (_activations, _options) = (activations, options);

    /// <summary>The parts.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or gradients are missing.</exception>
    public static IReadOnlyList<Section> Of(Activations activations, PyramidOptions options)
    {
        Require(activations, options);
        var builder = new PyramidSections(activations, options);
        builder.Add();
        return builder._sections;
    }

    /// <summary>What stands above everything: which model, which answer.</summary>
    public static IReadOnlyList<string> Head(Activations activations, PyramidOptions options)
    {
        Model model = activations.Model;
        var lines = new List<string>();
        if (activations.Predicted is { } predicted)
        {
            string guess = $"Guess: {activations.ClassName(predicted)} ({ClassBar.Percent(activations.Probabilities[predicted])})";
            lines.Add(options.Label is { } label
                ? $"{guess}; the right class is {activations.ClassName(label)}: {(label == predicted ? "right" : "wrong")}."
                : $"{guess}; the right class was not given.");
        }
        else if (activations.Probabilities.Count > 0)
        {
            lines.Add("The output is not finite: there is no guess.");
        }

        if (options.Gradients is { } gradients && options.LayerGradients)
            lines.Add($"Gradients of the loss {ColorScale.Number(gradients.Loss)} for {activations.ClassName(gradients.Label)}" +
                (gradients.IsPredicted && activations.Predicted is not null ? ", which was predicted, since no label was given." : "."));
        int left = LayerChoice.Of(model, "*").Count - activations.Layers.Count;
        if (activations.Pattern is null && left > 0)
            lines.Add($"{activations.Layers.Count} layers are shown; {left} are left out that only change a shape or that an activation " +
                "or normalisation alone follows (the pattern * shows all).");
        return lines;
    }

    private static void Require(Activations activations, PyramidOptions options)
    {
        if (options.Width is < PyramidOptions.MinWidth or > PyramidOptions.MaxWidth)
            throw new ArgumentOutOfRangeException(nameof(options), $"PyramidOptions.Width is {options.Width}; expected " +
                $"{PyramidOptions.MinWidth} to {PyramidOptions.MaxWidth}.");
        if (options.Channels < 1)
            throw new ArgumentOutOfRangeException(nameof(options), $"PyramidOptions.Channels is {options.Channels}; expected at least 1.");
        int classes = activations.Probabilities.Count;
        if (classes == 0 && (options.Label ?? options.ClassIndex) is not null)
            throw new ArgumentException("PyramidOptions: a class is given, and the model is no classifier; expected none.",
                nameof(options));
        Gradients.Require("label", options.Label, classes);
        Gradients.Require("class", options.ClassIndex, classes);
        if (options.Gradients is null && (options.Saliency || options.Cam))
            throw new ArgumentException("PyramidOptions: Saliency or Cam is true without Gradients; expected these.", nameof(options));
    }

    private void Add()
    {
        var shown = _activations.Layers.ToDictionary(layer => layer.Name);
        var gradients = (_options.LayerGradients ? _options.Gradients : null)?.Layers.ToDictionary(layer => layer.Name);
        Dictionary<string, Parameter> filters = _options.Filters ? Filters() : [];
        _isLong = shown.Count + filters.Count > FewSections;
        AddInput();
        foreach (LayerInfo layer in _activations.Model.Layers)
        {
            if (filters.TryGetValue(layer.Name, out Parameter? filter))
                AddFilters(layer, filter);
            if (!shown.TryGetValue(layer.Name, out LayerValues? values))
                continue;
            IReadOnlyList<int> channels = values.HasMaps ? values.StrongestChannels(_options.Channels) : UnitsOf(values);
            AddLayer($"{values.Name}  {Words(values)}", values, channels, "activation");
            if (gradients?.GetValueOrDefault(layer.Name) is { } gradient && !IsEnd(gradient))
                AddLayer($"gradient by {values.Name}", gradient, channels, "activation");
        }

        if (_options.LayerGradients && _options.Gradients is { } all)
            AddLayer("gradient by the scores, ŷ − y (probabilities minus label)", all.Output, UnitsOf(all.Output), "gradient");
        if (_activations.Probabilities.Count > 0)
            AddClasses();
    }

    private void AddInput()
    {
        LayerValues input = _activations.Input;
        bool planes = Channels.AreFirst(_activations.Model);
        if (!InputTiles.IsPicture(input.Shape, planes))
        {
            AddLayer($"{input.Name}  {Words(input)}", input,
                input.HasMaps ? input.StrongestChannels(_options.Channels) : UnitsOf(input), "value");
            return;
        }

        (Tile tile, string facts) = InputTiles.Of(input, planes, _activations.Model.Normalization);
        List<Tile> tiles = [tile];
        int index = _options.ClassIndex ?? _activations.Predicted ?? 0;
        if (_options.Saliency)
        {
            HeatMap map = _options.Gradients!.Saliency(index);
            tiles.Add(InputTiles.Saliency(map));
            facts += $"; saliency, the gradient of the score of {_activations.ClassName(index)} by the pixels: " +
                ColorScale.Of(map.Values.Span).Words;
        }

        if (_options.Cam)
        {
            HeatMap map = _options.Gradients!.GradCam(index);
            tiles.Add(InputTiles.Cam(tile, map));
            string layer = _options.Gradients.CamLayer().Name;
            facts += $"; Grad-CAM of {_activations.ClassName(index)} by {layer}: grey 0, over red to yellow " +
                ColorScale.Number(map.Values.ToArray().Max());
        }

        _sections.Add(new Section($"{input.Name}  {Words(input)}", facts, width => TileGrid.Draw(tiles, width, 3)));
    }

    private void AddLayer(string title, LayerValues values, IReadOnlyList<int> channels, string what)
    {
        var scale = ColorScale.Of(values.Values.Span);
        string facts = $"{scale.Words}; mean {ColorScale.Number(values.Mean)}, " +
            $"{(values.ZeroShare * 100).ToString("0.#", CultureInfo.InvariantCulture)} % zeros";
        if (float.IsNaN(values.Minimum) || float.IsInfinity(values.Minimum) || float.IsInfinity(values.Maximum))
            facts += "; some values are not finite";
        Func<int, Picture> draw;
        if (values.HasMaps)
        {
            if (channels.Count < values.Channels)
                facts += $"; the strongest {channels.Count} of {values.Channels} channels by mean absolute {what}";
            Tile[] tiles = [.. channels.Select(channel =>
                Tile.Of(channel.ToString(CultureInfo.InvariantCulture), values.Map(channel), scale))];
            draw = width => TileGrid.Draw(tiles, width, PerRow(tiles.Length, width));
        }
        else if (values.Shape.Rank == 2 && values.Shape[0] > 1)
        {
            facts += "; a row a step of the sequence, a column a channel";
            var map = new HeatMap(values.Shape[0], values.Shape[1], values.Values);
            draw = width => TileGrid.Draw([Tile.Of("", map, scale)], width, 1);
        }
        else
        {
            if (channels.Count < values.Values.Length)
                facts += $"; the strongest {channels.Count} of {values.Values.Length} values by magnitude";
            draw = width => Strip.Draw(values.Values.Span, channels, scale, width);
        }

        _sections.Add(new Section(title, facts, draw));
    }

    private void AddFilters(LayerInfo layer, Parameter filter)
    {
        (string facts, IReadOnlyList<Tile> tiles) = FilterTiles.Of(filter, _options.Channels);
        bool apart = filter.Shape[2] is not (1 or 3);
        _sections.Add(new Section($"filters of {layer.Name}", facts,
            width => TileGrid.Draw(tiles, width, Math.Min(PerRow(tiles.Count, width), apart ? MostApart : int.MaxValue), apart)));
    }

    private void AddClasses()
    {
        string facts = _activations.Model.OutputActivation switch
        {
            "Sigmoid" => "the probability of each label for itself",
            null => "softmax of the output",
            _ => "the probability of each class",
        };
        IReadOnlyList<ClassBar> bars = ClassBar.Of(_activations, _options.Label, _options.ClassIndex);
        if (bars.Count < _activations.Probabilities.Count)
            facts += $"; the {bars.Count} of {_activations.Probabilities.Count} that matter most";
        _sections.Add(new Section("classes", facts, width => ClassBar.Draw(bars, width)));
    }

    private Dictionary<string, Parameter> Filters()
    {
        var filters = new Dictionary<string, Parameter>();
        foreach (Parameter parameter in _activations.Model.Parameters)
        {
            string layer = parameter.Name[..Math.Max(0, parameter.Name.LastIndexOf('.'))];
            if (parameter.Role == ParameterRole.Filter && parameter.Shape.Rank == 4
                && (_activations.Pattern is null || FileSystemName.MatchesSimpleExpression(_activations.Pattern, layer, ignoreCase: false)))
                filters.TryAdd(layer, parameter);
        }

        return filters.Count > 0
            ? filters
            : throw new ArgumentException("PyramidOptions.Filters is true, and no layer that is shown is a 2-D convolution; expected one.");
    }

    private int PerRow(int tiles, int width) => width < NarrowWidth
        ? tiles <= 8 ? 4 : 8
        : _isLong && tiles > 16 ? 32 : tiles <= 8 ? 8 : tiles <= 12 ? 12 : 16;

    // What goes into the Softmax or Sigmoid comes at the end.
    private bool IsEnd(LayerValues gradient) => gradient.Values.Span.SequenceEqual(_options.Gradients!.Output.Values.Span);

    private static IReadOnlyList<int> UnitsOf(LayerValues values)
    {
        IEnumerable<int> units = Enumerable.Range(0, values.Values.Length);
        float[] all = values.Values.ToArray();
        return all.Length <= Strip.MaxUnits
            ? [.. units]
            : [.. units.OrderByDescending(unit => MathF.Abs(all[unit])).Take(Strip.MaxUnits).Order()];
    }

    private static string Words(LayerValues values) => $"{values.Kind} {string.Join('×', values.Shape.Dimensions.ToArray())}";
}
