using CnnFast.Files;


namespace CnnFast.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Names() =>
        [.. Directory.GetFileSystemEntries(_folder.FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static void Write(string path, string text)
    {
        using var file = AtomicFile.Create(path);
        file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Commit();
    }

    [Fact]
    public void A_new_file_appears_when_it_is_committed()
    {
        using (var file = AtomicFile.Create(_folder["a"]))
        {
            file.Stream.Write("new"u8);
            Assert.False(File.Exists(_folder["a"]));
            file.Commit();
        }

        Assert.Equal("new", File.ReadAllText(_folder["a"]));
        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void An_old_file_stays_until_the_new_one_is_committed()
    {
        File.WriteAllText(_folder["a"], "old");
        using (var file = AtomicFile.Create(_folder["a"]))
        {
            file.Stream.Write("new"u8);
            file.Stream.Flush();
            Assert.Equal("old", File.ReadAllText(_folder["a"]));
            Assert.Equal(2, Names().Length);
            file.Commit();
        }

        Assert.Equal("new", File.ReadAllText(_folder["a"]));
        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void A_file_that_is_not_committed_leaves_nothing()
    {
        File.WriteAllText(_folder["a"], "old");
        using (var file = AtomicFile.Create(_folder["a"]))
            file.Stream.Write(new byte[100_000]);
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void A_failure_on_the_way_to_the_disk_leaves_the_old_file()
    {
        File.WriteAllText(_folder["a"], "old");
        using (var file = AtomicFile.Create(_folder["a"]))
        {
            file.Stream.Write(new byte[10]);
            file.Stream.Dispose();
            Assert.Throws<ObjectDisposedException>(file.Commit);
        }

        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void A_path_without_a_folder_is_in_the_current_one()
    {
        string name = $"atomic-{Guid.NewGuid():N}";
        try
        {
            Write(name, "x");
            Assert.Equal("x", File.ReadAllText(Path.Combine(Environment.CurrentDirectory, name)));
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string folder = _folder["none"];
        string path = Path.Combine(folder, "a");
        Assert.Equal($"Cannot write '{path}': there is no folder '{folder}'; create it first.",
            Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Create(path)).Message);
    }

    [Fact]
    public void A_path_that_is_a_folder_is_rejected() => Assert.Equal(
        $"Cannot write '{_folder.FullPath}': it is a folder; expected the path of a file.",
        Assert.Throws<IOException>(() => AtomicFile.Create(_folder.FullPath)).Message);

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_rejected()
    {
        File.WriteAllText(_folder["a"], "old");
        string path = Path.Combine(_folder["a"], "b");
        Assert.Equal($"Cannot write '{path}': there is no folder '{_folder["a"]}'; create it first.",
            Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Create(path)).Message);
    }

    [Fact]
    public void A_read_only_file_is_not_replaced()
    {
        File.WriteAllText(_folder["a"], "old");
        File.SetAttributes(_folder["a"], FileAttributes.ReadOnly);
        try
        {
            Assert.Equal(
                $"Cannot write '{_folder["a"]}': the file is read-only; expected one that this user may replace.",
                Assert.Throws<UnauthorizedAccessException>(() => SafetensorsWriter.Write(_folder["a"], [])).Message);
            Assert.Equal("old", File.ReadAllText(_folder["a"]));
            Assert.Equal(["a"], Names());
        }
        finally
        {
            File.SetAttributes(_folder["a"], FileAttributes.Normal);
        }
    }

    [Fact]
    public void A_folder_that_takes_no_files_is_rejected()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc, where not even root may create a file");
        Exception failure = Assert.ThrowsAny<IOException>(() => SafetensorsWriter.Write("/proc/a.safetensors", []));
        Assert.StartsWith("Cannot write '/proc/a.safetensors': no file can be created in '/proc' (", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_not_replaced_by_a_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /dev/null");
        Assert.Equal("Cannot write '/dev/null': it is a device; expected the path of a file.",
            Assert.Throws<IOException>(() => AtomicFile.Create("/dev/null")).Message);
    }

    [Fact]
    public void Through_a_symbolic_link_the_file_behind_it_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "creating links needs a privilege on Windows");
        Directory.CreateDirectory(_folder["real"]);
        string real = Path.Combine(_folder["real"], "a");
        File.WriteAllText(real, "old");
        File.CreateSymbolicLink(_folder["link"], real);
        Write(_folder["link"], "new");
        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal(real, new FileInfo(_folder["link"]).LinkTarget);
        File.Delete(real);
        Write(_folder["link"], "again");
        Assert.Equal("again", File.ReadAllText(real));
    }

    [Fact]
    public void A_link_to_a_device_is_that_device()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /dev/null");
        File.CreateSymbolicLink(_folder["link"], "/dev/null");
        Assert.Equal($"Cannot write '{_folder["link"]}': it is a device; expected the path of a file.",
            Assert.Throws<IOException>(() => AtomicFile.RequireWritable(_folder["link"])).Message);
    }

    [Fact]
    public void A_link_into_a_folder_that_is_not_there_is_rejected()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "creating links needs a privilege on Windows");
        File.CreateSymbolicLink(_folder["link"], Path.Combine(_folder["none"], "a"));
        Assert.Equal(
            $"Cannot write '{_folder["link"]}': there is no folder '{_folder["none"]}'; create it first.",
            Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.RequireWritable(_folder["link"])).Message);
    }

    [Fact]
    public void The_longest_name_is_written_and_a_longer_one_is_found_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names of 255 bytes are those of Linux");
        string longest = _folder[new string('n', 255)];
        AtomicFile.RequireWritable(longest);
        Assert.Empty(Names());
        Write(longest, "x");
        Assert.Equal("x", File.ReadAllText(longest));
        string path = longest + "n";
        Assert.Equal($"Cannot write '{path}': its name is too long; expected a shorter one.",
            Assert.Throws<PathTooLongException>(() => AtomicFile.RequireWritable(path)).Message);
        Assert.Single(Names());
    }

    [Fact]
    public void A_check_of_a_path_leaves_everything_as_it_was()
    {
        File.WriteAllText(_folder["a"], "old");
        AtomicFile.RequireWritable(_folder["a"]);
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Equal(["a"], Names());
    }

    [Fact]
    public void The_permissions_of_the_old_file_are_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions");
            return;
        }

        File.WriteAllText(_folder["a"], "old");
        File.SetUnixFileMode(_folder["a"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(_folder["a"], "new");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["a"]));
    }

    [Fact]
    public void A_reader_that_has_the_old_file_open_keeps_reading_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows may refuse to replace a file that is open");
        File.WriteAllText(_folder["a"], "old");
        using var reader = new StreamReader(_folder["a"]);
        Write(_folder["a"], "new");
        Assert.Equal("old", reader.ReadToEnd());
    }
}
