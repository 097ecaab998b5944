using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Layers;

namespace CnnFast.Tests.Models;

/// <summary>Model files: what is saved comes back to the bit, and what does not fit is one sentence that names the file.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public static TheoryData<string> Names => TestModels.Names;

    /// <summary>A change of the metadata, and what the error must say.</summary>
    public static TheoryData<string, string, string> BadMetadata => new()
    {
        { "format_version", "5", "the format version is 5; this library reads up to 4: update CnnFast to read it." },
        { "format_version", "one", "the metadata entry 'format_version' is" },
        { "format_version", "0", "expected a whole number from 1 to 4" },
        { "architecture", "{", "the architecture is not valid JSON" },
        { "architecture", "[]", "the architecture is no JSON object" },
        { "architecture", "{\"a\":[[[[[[[[[1]]]]]]]]]}", "the architecture is not valid JSON of at most 8 levels" },
        { "architecture", "{}", "'input' of the architecture is missing or not an object" },
        { "architecture", "{\"name\":\"\\ud800\"}", "the architecture holds a string that is no valid Unicode." },
        { "normalization.scale", "0", "The scale of a normalisation is 0" },
        { "normalization.scale", "x", "the metadata entry 'normalization.scale' is" },
        { "normalization.scale", "1 2", "2 scales and 1 offsets were given; expected one of each for every channel" },
        { "normalization.scale", "1  2", "the metadata entry 'normalization.scale' is" },
        { "class_names", "[\"a\"]", "1 names of classes were given; expected 4, one for each." },
        { "class_names", "[\"a\",\"b\",\"c\",\"\\u0007\"]", "the name of class 3 is '\\u0007'; expected 1 to 200 characters that can be" },
        { "class_names", "[\"a\",1]", "the metadata entry 'class_names' is '[\"a\",1]'; expected a list of texts." },
        { "class_names", "[\"\\ud800\"]", "the metadata entry 'class_names' is not valid JSON." },
    };

    /// <summary>A text of the architecture, what replaces it, and what the error must say.</summary>
    public static TheoryData<string, string, string> BadArchitectures => new()
    {
        { "\"kind\":\"Dense\"", "\"kind\":\"Densest\"", "is of the unknown kind" },
        { "\"units\":4", "\"units\":0", "'dense_1': units is 0; expected at least 1" },
        { "\"units\":4", "\"units\":5", "the tensor 'dense_1.filter' has the shape [12, 4]; the architecture expects [12, 5]." },
        { "\"units\":4", "\"units\":2000000000", "make a filter of more than 2147483647 elements" },
        { "\"units\":4", "\"units\":99999999999", "the attribute 'units' is 99999999999; expected a whole number" },
        { "\"units\":4", "\"units\":\"4\"", "the attribute 'units' is \"4\"; expected a whole number" },
        { "\"units\":4", "\"units\":4,\"color\":1", "the attribute 'color' is unknown" },
        { "\"units\":4,", "", "the attribute 'units' is missing" },
        { "\"activation\":\"None\"", "\"activation\":\"none\"", "expected one of None, ReLU" },
        { "\"activation\":\"None\"", "\"activation\":\"1\"", "expected one of None, ReLU" },
        { "\"padding\":[1,0,0,1]", "\"padding\":[1,0,0]", "expected 4 whole numbers" },
        { "\"padding\":[1,0,0,1]", "\"padding\":[-1,0,0,1]", "Padding top -1" },
        { "\"padding\":[1,0,0,1]", "\"padding\":\"Full\"", "expected Valid, Same or [top, left, bottom, right]" },
        { "\"use_bias\":true", "\"use_bias\":1", "expected true or false" },
        { "\"shape\":[4,4,2]", "\"shape\":[4,4]", "expected images (N, H, W, C)" },
        { "\"shape\":[4,4,2]", "\"shape\":[65536,65536,2]", "has more than 2147483647 elements" },
        { "\"shape\":[4,4,2]", "\"shape\":[4,-4,2]", "every dimension must be at least 1" },
        { "\"shape\":[4,4,2]", "\"shape\":[]", "has no dimension" },
        { "\"inputs\":[\"flatten_1\"]", "\"inputs\":[\"dense_1\"]", "before it; expected layers in the order in which they run" },
        { "\"inputs\":[\"flatten_1\"]", "\"inputs\":[]", "0 inputs were given; expected 1" },
        { "\"inputs\":[\"flatten_1\"]", "\"inputs\":[7]", "is missing or not strings" },
        { "\"name\":\"flatten_1\"", "\"name\":\"conv2d_1\"", "another layer of this model has the same name" },
        { "\"name\":\"flatten_1\"", "\"name\":\"a b\"", "holds a character that is not allowed" },
        { "\"output\":\"dense_1\"", "\"output\":\"dense_2\"", "there is no layer" },
        { "\"output\":\"dense_1\"", "\"output\":\"flatten_1\"",
            "the output 'flatten_1' of the architecture does not need the layer 'dense_1'; expected only layers that lead to the output." },
        { "\"inputs\":[\"max_pool2d_1\"]", "\"inputs\":[\"conv2d_1\"]",
            "does not need the layer 'max_pool2d_1'; expected only layers that lead to the output." },
        { "\"output\":\"dense_1\"", "\"output\":\"dense_1\",\"color\":1", "the architecture has the unknown member 'color'" },
        { "\"output\":\"dense_1\"", "\"output\":\"flatten_1\",\"output\":\"dense_1\"", "the architecture has the member 'output' twice" },
        { "\"shape\":[4,4,2]", "\"shape\":[4,4,2],\"color\":\"f32\"", "'input' of the architecture has the unknown member 'color'" },
        { "\"shape\":[4,4,2]", "\"shape\":[4,4,2],\"type\":\"Int64\"", "an input is of Int64; expected Float32." },
        { "\"kind\":\"Dense\"", "\"kind\":\"Dense\",\"note\":\"\"", "node 4 of the architecture has the unknown member 'note'" },
        { "\"units\":4", "\"units\":5,\"units\":4", "the attribute 'units' is given twice" },
    };

    private static Model Small => new Sequential(
        new Conv2D(3, 3, padding: Padding.Explicit(1, 0, 0, 1)),
        new MaxPool2D(1, stride: 2),
        new Flatten(),
        new Dense(4)).Build(new Shape(4, 4, 2), seed: 2, name: "small");

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_model_comes_back_to_the_bit(string name)
    {
        Model saved = TestModels.Build(name);
        saved.Normalization = Normalization.FromMeanStd(0.1307, 0.3081);
        saved.Save(_file.Path);
        Model loaded = Model.Load(_file.Path);

        Assert.Equal(saved.Summary(), loaded.Summary());
        Assert.Equal(saved.Name, loaded.Name);
        Assert.Equal(saved.Normalization, loaded.Normalization);
        foreach ((Parameter first, Parameter second) in saved.Parameters.Zip(loaded.Parameters))
        {
            Assert.Equal(first.Name, second.Name);
            Assert.True(first.Values.SequenceEqual(second.Values), first.Name);
        }

        float[] input = TestModels.Input(saved, 3);
        Assert.Equal(saved.Predict(input), loaded.Predict(input));
        byte[] before = File.ReadAllBytes(_file.Path);
        loaded.Save(_file.Path);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Fact]
    public void Values_that_are_not_finite_come_back_too()
    {
        Model model = Small;
        model.Parameters[1].Assign([float.NaN, float.NegativeInfinity, -0f]);
        model.Save(_file.Path);
        Assert.Equal(
            model.Parameters[1].Values.ToArray().Select(BitConverter.SingleToInt32Bits),
            Model.Load(_file.Path).Parameters[1].Values.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public void Bad_metadata_is_rejected(string key, string value, string expected) =>
        Reject(metadata => metadata[key] = value, tensors => tensors, expected);

    [Theory]
    [MemberData(nameof(BadArchitectures))]
    public void A_bad_architecture_is_rejected(string find, string replacement, string expected) =>
        Reject(
            metadata =>
            {
                Assert.Contains(find, metadata["architecture"], StringComparison.Ordinal);
                metadata["architecture"] = metadata["architecture"].Replace(find, replacement, StringComparison.Ordinal);
            },
            tensors => tensors,
            expected);

    [Fact]
    public void A_missing_a_superfluous_and_a_misshaped_tensor_are_rejected()
    {
        Reject(_ => { }, tensors => tensors.Skip(1), "the tensor 'conv2d_1.filter' [3, 3, 2, 3] of the architecture is missing.");
        Reject(_ => { }, tensors => tensors.Append(new SafetensorsTensor("extra", new Shape(1), new float[1])),
            "the file holds 5 tensors; the architecture expects 4 and knows no");
        Reject(_ => { }, tensors => tensors.Skip(1).Prepend(new SafetensorsTensor("conv2d_1.filter", new Shape(54), new float[54])),
            "the tensor 'conv2d_1.filter' has the shape [54]; the architecture expects [3, 3, 2, 3].");
    }

    [Fact]
    public void Safetensors_that_are_no_model_are_rejected() =>
        Reject(metadata => metadata.Clear(), tensors => tensors,
            "the metadata entry 'format_version' is missing; expected a model that CnnFast saved.");

    [Fact]
    public void A_truncated_or_missing_file_is_rejected()
    {
        Assert.Throws<FileNotFoundException>(() => Model.Load(_file.Path));
        Small.Save(_file.Path);
        byte[] bytes = File.ReadAllBytes(_file.Path);
        foreach (int length in new[] { 0, 5, 100, bytes.Length - 1 })
        {
            File.WriteAllBytes(_file.Path, bytes[..length]);
            Assert.Throws<DataFormatException>(() => Model.Load(_file.Path));
        }
    }

    [Fact]
    public void Any_single_changed_byte_loads_or_is_a_typed_error()
    {
        Small.Save(_file.Path);
        byte[] bytes = File.ReadAllBytes(_file.Path);
        for (int i = 0; i < bytes.Length - 400; i += 3)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(_file.Path, changed);
            try
            {
                Model.Load(_file.Path);
            }
            catch (DataFormatException e)
            {
                Assert.Contains("model.safetensors", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private void Reject(Action<Dictionary<string, string>> changeMetadata,
        Func<IEnumerable<SafetensorsTensor>, IEnumerable<SafetensorsTensor>> changeTensors, string expected)
    {
        Small.Save(_file.Path);
        SafetensorsFile file = SafetensorsFile.Read(_file.Path);
        var metadata = new Dictionary<string, string>(file.Metadata);
        changeMetadata(metadata);
        SafetensorsWriter.Write(_file.Path, [.. changeTensors(Small.Parameters.Select(parameter => file[parameter.Name]))], metadata);

        DataFormatException error = Assert.Throws<DataFormatException>(() => Model.Load(_file.Path));
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }
}
